import type { EC2Client, Instance, Volume } from "@aws-sdk/client-ec2";
import type { Look, Whole } from "../../backend.js";
import { heldByImages, lockedBy, resourcesOf, volumeResources } from "./describe.js";
import { readCopiesInFlight, readImages, readInstances, readLocks, readOurs, readVolumes } from "./lists.js";

/** Reads all of a region: each list once, all at the same time. */
export async function readRegion(
  client: EC2Client,
  region: string,
  { settings, isHome, now, signal }: Look,
): Promise<Whole> {
  const [ours, copiesInFlight, images, locks, instances, volumes] = await Promise.all([
    readOurs(client, signal, { ...settings, region }),
    readCopiesInFlight(client, signal),
    readImages(client, signal),
    readLocks(client, signal),
    isHome ? readInstances(client, signal) : [],
    isHome ? readVolumes(client, signal) : [],
  ]);
  const points = lockedBy(heldByImages(ours.points, images), locks);
  const single = settings.policies.some((policy) => policy.kinds?.includes("volume"));
  const there = isHome ? thereIn(instances, volumes, single, region) : { resources: [] };
  const strays = ours.strays.map(({ snapshot: artifact, problem }) => ({ artifact, problem }));
  return { complete: true, asOf: now, points, copiesInFlight, ...there, strays };
}

/** With a policy for single volumes each of them is a resource too; without, those that no instance has are merely there. */
function thereIn(instances: readonly Instance[], volumes: readonly Volume[], single: boolean, region: string) {
  const joined = resourcesOf(instances, volumes, region);
  if (single) return { resources: [...joined, ...volumeResources(volumes, joined, region)] };
  const attached = new Set(joined.flatMap((instance) => instance.members.map(({ id }) => id)));
  return {
    resources: joined,
    otherMembers: volumes.flatMap(({ VolumeId: id = "" }) => (attached.has(id) ? [] : [id])),
  };
}
