import { DescribeRegionsCommand, DescribeSnapshotsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { messageOf } from "../cli/outcome.js";
import { clientConfig } from "./client-config.js";

/** What an account is like to whoever wants to deploy into it. */
export interface AccountLook {
  readonly account: string;
  /** ARN of who asks. */
  readonly who: string;
  /** By region, what is wrong with it; undefined where nothing is. */
  readonly regions: Readonly<Record<string, string | undefined>>;
}

/** Looks at an account and at regions of it. Changes nothing. @throws where AWS does not say who we are */
export async function lookAtAccount(regions: readonly string[], variables: Variables): Promise<AccountLook> {
  const [first = "us-east-1"] = regions;
  const { Account, Arn } = await new STSClient(clientConfig(first, variables)).send(new GetCallerIdentityCommand({}));
  const optIns = await optInsOf(first, variables);
  const looks = await Promise.all(
    regions.map(async (region) => [region, await wrongWith(region, optIns.get(region), variables)] as const),
  );
  return { account: Account ?? "unknown", who: Arn ?? "unknown", regions: Object.fromEntries(looks) };
}

type Variables = Readonly<Record<string, string>>;

/** Whether regions are enabled, in the words of EC2 (API reference, Region); empty where that may not be asked. */
async function optInsOf(region: string, variables: Variables): Promise<ReadonlyMap<string, string>> {
  const answer = await new EC2Client(clientConfig(region, variables))
    .send(new DescribeRegionsCommand({ AllRegions: true }))
    .catch(() => undefined);
  const known = (answer?.Regions ?? []).flatMap(({ RegionName, OptInStatus }) =>
    RegionName === undefined || OptInStatus === undefined ? [] : [[RegionName, OptInStatus] as const],
  );
  return new Map(known);
}

async function wrongWith(region: string, optIn: string | undefined, variables: Variables): Promise<string | undefined> {
  if (optIn === "not-opted-in") return "it is not enabled for this account. Enable it in the account's settings.";
  try {
    const client = new EC2Client(clientConfig(region, variables));
    await client.send(new DescribeSnapshotsCommand({ OwnerIds: ["self"], DryRun: true }));
    return undefined;
  } catch (error) {
    if (error instanceof Error && error.name === "DryRunOperation") return undefined;
    return `its snapshots cannot be read: ${messageOf(error)} \`lockstep rights\` prints what is needed.`;
  }
}
