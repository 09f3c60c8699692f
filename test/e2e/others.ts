import { CreateSnapshotCommand, CreateVolumeCommand, DeleteVolumeCommand, EC2Client } from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { up } from "../../automation/commands/up.js";
import type { Point } from "../../core/model/model.js";
import { FILES } from "./file-systems.js";
import { configOf, DR, type Harness, PRIMARY, until } from "./harness.js";
import { pointsIn } from "./looks.js";
import { TAGGED_POLICY } from "./people.js";

/** Without a schedule: what others make, and what a person asks for. */
const THEIRS = {
  name: "theirs",
  select: { key: "Snapshots", value: "by others" },
  kinds: ["volume"],
  ebs: { source: "any" },
  retain: { count: 2 },
  copy: [{ region: DR, retain: { count: 1 } }],
};

/**
 * Another policy comes to an environment that is there, for a volume that somebody makes snapshots of. They become points by their
 * events, beside those that are asked for, are copied, counted, and go when they are too many.
 */
export async function takesInWhatOthersMake(t: Harness): Promise<void> {
  const ec2 = t.client(EC2Client, PRIMARY);
  const Tags = [{ Key: "Snapshots", Value: "by others" }];
  const made = await ec2.send(
    new CreateVolumeCommand({
      AvailabilityZone: `${PRIMARY}a`,
      Size: 1,
      TagSpecifications: [{ ResourceType: "volume", Tags }],
    }),
  );
  const volume = made.VolumeId ?? "";
  const config = configOf(FILES, THEIRS, TAGGED_POLICY);
  const outcome = await up({ env: "default", target: "sandbox", workload: true, config }, t.deps);
  expect(outcome.ending, outcome.text).to.equal("done");

  const snapshot = async (): Promise<string> =>
    (await ec2.send(new CreateSnapshotCommand({ VolumeId: volume }))).SnapshotId ?? "";
  const theirs = async (region: string): Promise<readonly Point[]> =>
    pointsIn((await (await t.estate()).worlds())[0], region).filter((point) => point.policy === THEIRS.name);
  /** Snapshots of the region's completed points, or what they were copied from. */
  const held = async (region: string): Promise<string[]> =>
    (await theirs(region)).flatMap(({ artifacts: parts }) =>
      parts.map((part) => (part.state === "completed" ? (part.source ?? part.id) : part.state)),
    );
  const lacks = async (region: string, wanted: readonly string[]): Promise<string[]> => {
    const found = await held(region);
    const alike = found.length === wanted.length && wanted.every((one) => found.includes(one));
    return alike ? [] : [`${region} holds ${found.join(", ")}, not ${wanted.join(", ")}`];
  };

  const first = await snapshot();
  await until("the event of the first", 60_000, () => lacks(PRIMARY, [first]));
  const [point] = await theirs(PRIMARY);
  expect(point).to.include({ resource: volume, kind: "volume", recorded: `count=2 copies=${DR}` });

  expect(await t.command(`run --policy ${THEIRS.name}`)).to.include({ ending: "done" });
  await until("a point that was asked for", 60_000, async () => {
    const found = await held(PRIMARY);
    return found.length === 2 && !found.includes("pending") ? [] : [`${PRIMARY} holds ${found.join(", ")}`];
  });
  const [own = ""] = (await held(PRIMARY)).filter((one) => one !== first);
  const last = await snapshot();
  await until("the copy of the newest, and the end of the oldest", 120_000, async () => {
    // As if a quarter of an hour had passed: its queue holds events back until home has taken in what they tell of.
    await t.ledger("dr").writeState({ inFlight: {}, dueAt: {}, lastRun: 0 });
    for (const role of ["dr", "primary"] as const) await t.tick(role);
    return [...(await lacks(PRIMARY, [own, last])), ...(await lacks(DR, [last]))];
  });
  await ec2.send(new DeleteVolumeCommand({ VolumeId: volume }));
}
