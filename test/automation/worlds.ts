import type { Inventory, Point, Policy, Resource } from "../../core/model/model.js";
import { pointId } from "../../core/names/identity.js";
import { DR, PRIMARY } from "./fakes.js";

const GOLD: Policy = {
  name: "gold",
  select: { key: "Backup", value: "gold" },
  schedule: "cron(0 3 * * ? *)",
  retain: { count: 2 },
  copy: [{ region: DR.region, retain: { count: 1 } }],
};

/** Smaller than AWS has them: tests read them whole. */
export const SIZE_GIB = 1 / 16;

/** An instance with one data volume, younger than the newest slot of its policy: nothing is due. */
export const instance = (id: string, now: number, value = "gold"): Resource => ({
  id,
  kind: "instance",
  region: PRIMARY.region,
  name: `${id}-name`,
  tags: { Backup: value },
  members: [
    {
      id: `vol-${id}`,
      detail: { device: "/dev/sdf", boot: false },
      sizeGiB: SIZE_GIB,
      createdAt: now - 1_000,
      tags: {},
    },
  ],
});

interface PointOptions {
  readonly resource: string;
  readonly region: string;
  readonly at: number;
  readonly state?: "completed" | "pending" | "error";
}

export function point({ resource, region, at, state = "completed" }: PointOptions): Point {
  const id = pointId({ policy: GOLD.name, home: PRIMARY.region, resource, scheduled: at });
  const snapshot = `snap-${region}-${at}`;
  const source = region === PRIMARY.region ? {} : { source: `snap-${PRIMARY.region}-${at}` };
  return {
    id,
    policy: GOLD.name,
    resource,
    kind: "instance",
    home: PRIMARY.region,
    region,
    scheduled: at,
    size: 1,
    level: "crash",
    artifacts: [
      {
        id: snapshot,
        member: `vol-${resource}`,
        detail: { device: "/dev/sdf" },
        state,
        startedAt: at,
        progress: state === "completed" ? 100 : 0,
        sizeGiB: SIZE_GIB,
        holds: [],
        ...source,
        ...(state === "error" ? { cause: "the key is disabled" } : {}),
      },
    ],
  };
}

export function world(now: number, resources: readonly Resource[], points: readonly Point[]): Inventory {
  const view = (region: string) => ({
    complete: true as const,
    asOf: now,
    resources: region === PRIMARY.region ? resources : [],
    points: points.filter((p) => p.region === region),
    copiesInFlight: 0,
  });
  return {
    now,
    kind: "ebs",
    home: PRIMARY.region,
    policies: [GOLD],
    regions: { [PRIMARY.region]: view(PRIMARY.region), [DR.region]: view(DR.region) },
    requests: [],
    limits: { copySlots: 20, copyReserve: 2 },
  };
}
