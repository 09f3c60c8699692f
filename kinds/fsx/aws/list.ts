import type { FSxClient } from "@aws-sdk/client-fsx";
import type { Look, Whole } from "../../backend.js";
import { pointsFromBackups, stateOf } from "../backups.js";
import { usageOf } from "../quotas.js";
import { fileSystemResources, volumeResources } from "./describe.js";
import { readBackups, readFileSystems, readVolumes } from "./lists.js";

/** Reads all of a region: each list once, all at the same time. */
export async function readRegion(
  client: FSxClient,
  region: string,
  { settings, isHome, now, signal }: Look,
): Promise<Whole> {
  const [backups, systems, volumes] = await Promise.all([
    readBackups(client, signal),
    isHome ? readFileSystems(client, signal) : [],
    isHome ? readVolumes(client, signal) : [],
  ]);
  const { points, strays } = pointsFromBackups(backups, { ...settings, region });
  const copies = backups.filter(({ source, lifecycle }) => source !== undefined && stateOf(lifecycle) === "pending");
  const resources = [...fileSystemResources(systems, region), ...volumeResources(volumes, systems, region)];
  const usage = usageOf(backups);
  return { complete: true, asOf: now, points, copiesInFlight: copies.length, usage, resources, strays };
}
