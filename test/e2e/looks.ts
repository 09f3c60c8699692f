import { GetQueueUrlCommand, PurgeQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { wholeIn } from "../../automation/estate/points.js";
import type { Inventory, Point } from "../../core/model/model.js";
import { names } from "../../core/names/names.js";
import { chosenIn } from "../../core/planner/context.js";
import { RULES } from "../../kinds/rules.js";
import { plan } from "../core/worlds.js";
import { DEPLOYMENT, DR, type Harness, POLICY, PRIMARY, until } from "./harness.js";

/** The points of a region that can be read. */
export const pointsIn = (world: Inventory, region: string): readonly Point[] => {
  const view = world.regions[region];
  if (!view?.complete) throw new Error(`${region} could not be read: ${view?.reason}`);
  return view.points;
};

/** What is still to be copied or deleted, or on its way. */
export const openIn = (world: Inventory): string[] => [
  ...plan(world).flatMap((a) => (a.do === "copy" || a.do === "delete" ? [`${a.do} in ${a.region}: ${a.reason}`] : [])),
  ...[PRIMARY, DR].flatMap((region) =>
    pointsIn(world, region).flatMap(({ id, artifacts: parts }) =>
      parts.some(({ state }) => state === "pending") ? [`${id} in ${region}: in progress`] : [],
    ),
  ),
];

/** What the policy protects: the workload has tiers that no policy selects, too. */
export const protectedIn = (world: Inventory) => chosenIn(world, RULES.ebs).selected.get(POLICY) ?? [];

/** Protected resources without a whole point in the region that was made since then. */
export function missingSince(world: Inventory, region: string, since: number): string[] {
  const isNew = (p: Point) => p.scheduled >= since;
  const late = protectedIn(world).filter(({ id }) => !wholeIn(world, region, POLICY, id).some(isNew));
  return late.map(({ id }) => `${id} has no whole point in ${region} since ${new Date(since).toISOString()}`);
}

/** Every point has just the snapshots that it should have. */
export function nothingTwice(world: Inventory): void {
  for (const region of [PRIMARY, DR]) {
    for (const point of pointsIn(world, region))
      expect(point.artifacts, `${region} ${point.id}`).to.have.length(point.size);
  }
}

/** Lets minutes pass, and with them the ticks come, until nothing is left to do; none while a run is under way. */
export async function settledByTicks(t: Harness): Promise<void> {
  await until("the controllers", 120_000, async () => {
    const estate = await t.estate();
    const busy = await estate.busy();
    if (busy.length > 0) return busy;
    const open = openIn((await estate.worlds())[0]);
    if (open.length > 0) await t.admin.moveClock((await t.admin.now()) + 60_000);
    return open;
  });
}

/** Empties the queue of a controller: events that its trigger failed on are away for minutes of real time, and count as work. */
export async function forgetEvents(t: Harness, role: "primary" | "dr"): Promise<void> {
  const sqs = t.client(SQSClient, role === "primary" ? PRIMARY : DR);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: names(DEPLOYMENT, role).events }));
  await sqs.send(new PurgeQueueCommand({ QueueUrl }));
}
