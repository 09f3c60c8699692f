import { type EC2Client, paginateDescribeSnapshots } from "@aws-sdk/client-ec2";
import { TAG } from "../../../core/names/tags.js";
import type { Backend, Make } from "../../backend.js";
import { pointsFromSnapshots } from "../snapshots.js";
import { snapshotRecord } from "./describe.js";

/** The tag that tells what a snapshot was made for, and its value for this one. */
const markOf = (make: Make): readonly [tag: string, value: string] =>
  make.do === "create" ? [TAG.point, make.point] : [TAG.source, make.artifact.id];

/**
 * One batched look-up in the own region for each verb, before anything is created. Only of the own deployment: another one in the
 * account may have a policy of the same name, and so points of the same identity. A snapshot whose other tags somebody changed is
 * none: what a survey cannot place protects nothing, and would stand in the way of what does.
 */
export const makeFind =
  (client: EC2Client, region: string): Backend["find"] =>
  async (makes, { settings: { deployment } }) => {
    const [alive, failed] = [new Map<string, string[]>(), new Map<string, string[]>()];
    for (const [tag, marks] of Map.groupBy(makes.map(markOf), ([key]) => key)) {
      const Filters = [
        { Name: `tag:${TAG.deployment}`, Values: [deployment] },
        { Name: `tag:${tag}`, Values: marks.map(([, value]) => value) },
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
    }
    return makes.map((make) => {
      const [, value] = markOf(make);
      return { alive: alive.get(value) ?? [], failed: failed.get(value) ?? [] };
    });
  };
