import { formatRecorded } from "../../../../core/config/recorded.js";
import type { Memory, Point, Retain } from "../../../../core/model/model.js";
import { DAY, HOME, instance, NOW, plan, point, SLOT, verdict, type WorldInput, world } from "../../worlds.js";

/** What the tests about endings share: points of long ago, of a resource that left or is gone, and what was told of it. */

export const told = (rule: Retain, copies: readonly string[] = []) => formatRecorded({ retain: rule, copies });
export const daysAgo = (days: number, over: Partial<Parameters<typeof point>[0]> = {}, recorded?: string): Point => ({
  ...point({ at: SLOT - days * DAY, ...over }),
  ...(recorded === undefined ? {} : { recorded }),
});
export const verdicts = (points: readonly Point[], input: WorldInput) => {
  const actions = plan(world({ points, ...input }));
  return points.map((one) => verdict(actions, one));
};
export const left = { resources: [instance("i-1", ["vol-1"], { tags: {} })] };
export const gone = { resources: [instance("i-2", ["vol-2"])] };
export const announced = (days: number, region = HOME): { memory: Memory } => ({
  memory: { announced: [{ region, policy: "hourly", resource: "i-1", since: NOW - days * DAY }] },
});

export const KEPT = "its count has ended, since nothing was added for long";
