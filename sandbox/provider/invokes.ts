import { DescribeAvailabilityZonesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Context } from "./resource/resource.js";
import type { Props } from "./wire.js";

type Invoke = (context: Context, args: Props) => Promise<Props>;

const partition = async ({ region, partition }: Context): Promise<Props> => {
  const dnsSuffix = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  const reverseDnsPrefix = dnsSuffix.split(".").reverse().join(".");
  return { id: partition, partition, dnsSuffix, reverseDnsPrefix, region };
};

/** The zones of the region, by name, as the official provider orders them. */
const zones: Invoke = async ({ client, region }, args) => {
  const state = args["state"];
  const Filters = typeof state === "string" ? [{ Name: "state", Values: [state] }] : [];
  const found = await client(EC2Client).send(new DescribeAvailabilityZonesCommand({ Filters }));
  const sorted = (found.AvailabilityZones ?? []).sort((a, b) => ((a.ZoneName ?? "") < (b.ZoneName ?? "") ? -1 : 1));
  return {
    id: region,
    region,
    state,
    names: sorted.map(({ ZoneName }) => ZoneName),
    zoneIds: sorted.map(({ ZoneId }) => ZoneId),
    groupNames: [...new Set(sorted.map(({ GroupName }) => GroupName))],
  };
};

/** The functions of the provider, with the arguments each takes besides `region`. */
const INVOKES: Readonly<Record<string, { readonly args: readonly string[]; readonly run: Invoke }>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": {
    args: [],
    async run({ client }) {
      const {
        Account: accountId,
        Arn: arn,
        UserId: userId,
      } = await client(STSClient).send(new GetCallerIdentityCommand({}));
      return { id: accountId, accountId, arn, userId };
    },
  },
  "aws:index/getRegion:getRegion": {
    args: ["id", "name", "endpoint"],
    async run({ region }, args) {
      if (args["endpoint"] !== undefined)
        throw new Error('getRegion: the sandbox does not know the argument "endpoint"');
      const [asked] = [args["id"], args["name"]].filter((one) => typeof one === "string");
      const name = asked ?? region;
      return { id: name, name, region: name, endpoint: `ec2.${name}.amazonaws.com`, description: name };
    },
  },
  "aws:index/getAvailabilityZones:getAvailabilityZones": { args: ["state"], run: zones },
  "aws:index/getPartition:getPartition": { args: ["id"], run: partition },
};

/** Answers a provider function; one that is not known, or an argument of it, is an error that names it. */
export async function invoke(token: string, context: Context, args: Props): Promise<Props> {
  const known = INVOKES[token];
  if (!known) throw new Error(`the sandbox does not know the function ${token}`);
  const other = Object.keys(args).find((key) => key !== "region" && !known.args.includes(key));
  if (other !== undefined) throw new Error(`${token}: the sandbox does not know the argument "${other}"`);
  return known.run(context, args);
}
