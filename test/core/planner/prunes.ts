import type { Point } from "../../../core/model/model.js";
import { HOUR, plan, policy, SLOT, verdict, world } from "../worlds.js";

/** What the tests about what goes and what stays share. */

export const T = (hours: number): number => SLOT - hours * HOUR;
export type Input = NonNullable<Parameters<typeof world>[0]>;
export const verdicts = (points: readonly Point[], input: Input = {}) => {
  const actions = plan(world({ points, ...input }));
  return points.map((p) => verdict(actions, p));
};
export const local = (retain = policy().retain) => ({ policies: [policy({ copy: [], retain })] });
export const two = { "vol-1": "completed", "vol-2": "completed" } as const;
