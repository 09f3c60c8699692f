import type { EC2Client } from "@aws-sdk/client-ec2";
import type { Planned } from "../../../core/model/manifest.js";
import type { Resource, Settings } from "../../../core/model/model.js";
import { TAG } from "../../../core/names/tags.js";
import type { Importer, TakingIn } from "../../importer.js";
import { importOf } from "../adopt.js";
import type { SnapshotRecord } from "../snapshots.js";
import { takeIn, takesIn, type Watched, watchedVolumes } from "../take-in.js";
import { resourcesOf, volumeResources } from "./describe.js";
import { readInstances, readSnapshots, readVolumes } from "./lists.js";
import { makePutTags } from "./puts.js";

/** Values that one filter takes (EC2 user guide, "List and filter using the CLI and API"). */
const FILTER_VALUES = 200;

/** Makes points of snapshots that others made of volumes of the client's region. */
export function ebsImporter(ec2: EC2Client): Importer {
  return {
    look: async (asked) => importOf(await readSnapshots()(ec2, new AbortController().signal), asked),
    takingIn: (settings, now) => takingIn(ec2, settings, now),
    isArtifact: (id) => /^snap-[0-9a-f]+$/.test(id),
    mark: makePutTags(ec2),
    isGone: (error) => error instanceof Error && error.name === "InvalidSnapshot.NotFound",
  };
}

async function takingIn(ec2: EC2Client, settings: Settings, now: number): Promise<TakingIn> {
  if (!takesIn(settings)) return { watched: 0, taken: [], left: [], refused: [] };
  const watched = watchedVolumes(settings, await singleVolumes(ec2, settings.region));
  const snapshots = await snapshotsOf(ec2, [...watched.keys()]);
  const { taken, left, refused } = takeIn({ settings, watched, snapshots, now });
  const planned = taken.map(({ watched: of, ...one }) => ({ ...one, planned: plannedOf(settings, one.tags, of) }));
  return { watched: watched.size, taken: planned, left, refused };
}

/** Each volume as a resource of its own. */
async function singleVolumes(client: EC2Client, region: string): Promise<readonly Resource[]> {
  const { signal } = new AbortController();
  const [instances, volumes] = await Promise.all([readInstances(client, signal), readVolumes(client, signal)]);
  return volumeResources(volumes, resourcesOf(instances, volumes, region), region);
}

/** What the account has of volumes, whoever made it. */
export async function snapshotsOf(client: EC2Client, volumes: readonly string[]): Promise<readonly SnapshotRecord[]> {
  const { signal } = new AbortController();
  const found: SnapshotRecord[] = [];
  for (let start = 0; start < volumes.length; start += FILTER_VALUES) {
    const Filters = [{ Name: "volume-id", Values: volumes.slice(start, start + FILTER_VALUES) }];
    found.push(...(await readSnapshots(Filters)(client, signal)));
  }
  return found;
}

function plannedOf({ region }: Settings, tags: Readonly<Record<string, string>>, { policy, volume }: Watched): Planned {
  const [point = "", scheduled = ""] = [tags[TAG.point], tags[TAG.scheduled]];
  return {
    point,
    policy: policy.name,
    resource: volume.id,
    name: volume.tags["Name"] || volume.id,
    region,
    scheduled: Date.parse(scheduled),
    members: [volume],
  };
}
