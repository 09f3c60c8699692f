import { type EC2Client, paginateDescribeSnapshots } from "@aws-sdk/client-ec2";
import { TAG } from "../../core/names/tags.js";
import { pointsFromSnapshots } from "../../kinds/ebs/snapshots.js";
import { snapshotRecord } from "./describe.js";

/** Snapshots by the value of one of our tags. */
export interface Found {
  readonly alive: ReadonlyMap<string, readonly string[]>;
  /** In the state `error`: they hold no data and do not count as made. */
  readonly failed: ReadonlyMap<string, readonly string[]>;
}
export type Lookup = (tag: string, values: readonly string[]) => Promise<Found>;

/**
 * One batched look-up in the own region, before anything is created. Only of the own deployment: another one in the account may
 * have a policy of the same name, and so points of the same identity. A snapshot whose other tags somebody changed is none: what
 * a survey cannot place protects nothing, and would stand in the way of what does.
 */
export const makeLookup =
  (client: EC2Client, { deployment, region }: { readonly deployment: string; readonly region: string }): Lookup =>
  async (tag, values) => {
    const alive = new Map<string, string[]>();
    const failed = new Map<string, string[]>();
    if (values.length === 0) return { alive, failed };
    const Filters = [
      { Name: `tag:${TAG.deployment}`, Values: [deployment] },
      { Name: `tag:${tag}`, Values: [...values] },
    ];
    const input = { OwnerIds: ["self"], MaxResults: 1000, Filters };
    for await (const page of paginateDescribeSnapshots({ client }, input)) {
      for (const snapshot of page.Snapshots ?? []) {
        const value = snapshot.Tags?.find(({ Key }) => Key === tag)?.Value;
        if (value === undefined || snapshot.SnapshotId === undefined) continue;
        if (pointsFromSnapshots([snapshotRecord(snapshot)], { deployment, region }).points.length === 0) continue;
        const found = snapshot.State === "error" ? failed : alive;
        found.set(value, [...(found.get(value) ?? []), snapshot.SnapshotId]);
      }
    }
    return { alive, failed };
  };
