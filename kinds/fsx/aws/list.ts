import type { EC2Client } from "@aws-sdk/client-ec2";
import type { FSxClient } from "@aws-sdk/client-fsx";
import type { Look, Whole } from "../../backend.js";
import { pointsFromBackups, stateOf } from "../backups.js";
import { usageOf } from "../quotas.js";
import { namesVolumes } from "../words.js";
import { fileSystemResources, volumeResources } from "./describe.js";
import { readGroups } from "./interfaces.js";
import { readBackups, readFileSystems, readVolumes, withTags } from "./lists.js";

/** Of one region. */
interface Clients {
  readonly fsx: FSxClient;
  /** For what FSx does not tell of its file systems. */
  readonly ec2: EC2Client;
}

/** Reads all of a region: each list once, all at the same time. */
export async function readRegion(
  { fsx, ec2 }: Clients,
  region: string,
  { settings, isHome, now, signal }: Look,
): Promise<Whole> {
  const [backups, systems, volumes] = await Promise.all([
    readBackups(fsx, signal),
    isHome ? readFileSystems(fsx, signal) : [],
    isHome ? readVolumes(fsx, signal) : [],
  ]);
  // One call for each: only where somebody asks for volumes.
  const tagged = namesVolumes(settings.policies) ? await withTags(fsx, volumes, signal) : volumes;
  const groups = await readGroups(ec2, systems, signal);
  const { points, strays } = pointsFromBackups(backups, { ...settings, region });
  const copies = backups.filter(({ source, lifecycle }) => source !== undefined && stateOf(lifecycle) === "pending");
  const resources = [...fileSystemResources(systems, groups, region), ...volumeResources(tagged, systems, region)];
  const usage = usageOf(backups);
  return { complete: true, asOf: now, points, copiesInFlight: copies.length, usage, resources, strays };
}
