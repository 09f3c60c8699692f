import type { FSxClient } from "@aws-sdk/client-fsx";
import { TAG } from "../../../core/names/tags.js";
import type { Backend, Make } from "../../backend.js";
import { pointsFromBackups, stateOf } from "../backups.js";
import { readBackups } from "./lists.js";

/** The tag that tells what a backup was made for, and its value for this one. */
const markOf = (make: Make): readonly [tag: string, value: string] =>
  make.do === "create" ? [TAG.point, make.point] : [TAG.source, make.artifact.id];

/**
 * Looks all of them up in one list of the own region, since FSx filters by no tags. Of the own deployment alone, and only what a
 * survey would place: what it cannot protects nothing, and would stand in the way of what does.
 */
export const makeFind =
  (client: FSxClient, region: string): Backend["find"] =>
  async (makes, { settings: { deployment } }) => {
    const records = await readBackups(client, new AbortController().signal);
    const ours = records.filter((one) => pointsFromBackups([one], { deployment, region }).points.length > 0);
    return makes.map((make) => {
      const [tag, value] = markOf(make);
      const mine = ours.filter(({ tags }) => tags[tag] === value);
      const [failed, alive] = [true, false].map((isFailed) =>
        mine.filter(({ lifecycle }) => (stateOf(lifecycle) === "error") === isFailed).map(({ id }) => id),
      );
      return { alive: alive ?? [], failed: failed ?? [] };
    });
  };
