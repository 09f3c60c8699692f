import type { EC2Client } from "@aws-sdk/client-ec2";
import type { Resource, Settings } from "../../core/model/model.js";
import { resourcesOf, volumeResources } from "../../kinds/ebs/aws/describe.js";
import { readInstances, readSnapshots, readVolumes } from "../../kinds/ebs/aws/lists.js";
import type { SnapshotRecord } from "../../kinds/ebs/snapshots.js";
import { takeIn, watchedVolumes } from "../../kinds/ebs/take-in.js";

/** Values that one filter takes (EC2 user guide, "List and filter using the CLI and API"). */
const FILTER_VALUES = 200;

/** What is read to take in snapshots: the volumes of a region, and what the account has of some of them, whoever made it. */
export const makeLook = (ec2: (region: string) => EC2Client) => ({
  /** Each volume as a resource of its own. */
  async resources(settings: Settings): Promise<readonly Resource[]> {
    const { region } = settings;
    const client = ec2(region);
    const { signal } = new AbortController();
    const [instances, volumes] = await Promise.all([readInstances(client, signal), readVolumes(client, signal)]);
    return volumeResources(volumes, resourcesOf(instances, volumes, region), region);
  },

  async snapshotsOf(region: string, volumes: readonly string[]): Promise<readonly SnapshotRecord[]> {
    const { signal } = new AbortController();
    const found: SnapshotRecord[] = [];
    for (let start = 0; start < volumes.length; start += FILTER_VALUES) {
      const Filters = [{ Name: "volume-id", Values: volumes.slice(start, start + FILTER_VALUES) }];
      found.push(...(await readSnapshots(Filters)(ec2(region), signal)));
    }
    return found;
  },
});

/** What others have made of the volumes whose policies take that in, and what becomes of it. Only reads. */
export async function lookForOthers(look: ReturnType<typeof makeLook>, settings: Settings, now: () => number) {
  const watched = watchedVolumes(settings, await look.resources(settings));
  const snapshots = await look.snapshotsOf(settings.region, [...watched.keys()]);
  return { volumes: watched.size, ...takeIn({ settings, watched, snapshots, now: now() }) };
}
