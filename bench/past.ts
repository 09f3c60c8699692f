import { EC2Client, paginateDescribeVolumes } from "@aws-sdk/client-ec2";
import { pointId } from "../core/names/identity.js";
import { TAG } from "../core/names/tags.js";
import type { PastSnapshot } from "../sandbox/ec2/state/past.js";
import { DEPLOYMENT, type Harness } from "../test/e2e/harness.js";
import { runFleet } from "./fleet.js";

export const POLICY = "scale";
export const INSTANCES = 1000;
/** Volumes of each. */
export const DEVICES = 2;
/** Of each instance, one a day; the newest an hour old. */
export const POINTS = 30;
const HOUR_MS = 3_600_000;
/** Of these the oldest is past this, now and when one more is there. */
export const HOURS_KEPT = 28.5 * 24;

/** Instances to be protected, and the points that a policy made of them in the last weeks. */
export async function plantEstate(t: Harness, region: string): Promise<void> {
  await runFleet({ region, backup: POLICY, instances: INSTANCES, volumes: DEVICES }, t.variables);
  const newest = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HOUR_MS;
  const byInstance = await volumesByInstance(t, region);
  for (let day = POINTS - 1; day >= 0; day--) {
    const scheduled = newest - day * 24 * HOUR_MS;
    const snapshots = [...byInstance].flatMap(([instance, volumes]) =>
      volumes.map((volume) => snapshotOf(region, instance, volume, scheduled)),
    );
    await t.request("POST", `snapshots/${region}`, { snapshots });
  }
}

function snapshotOf(region: string, resource: string, volumeId: string, scheduled: number): PastSnapshot {
  const identity = { policy: POLICY, home: region, resource, scheduled };
  const tags = {
    Name: `${POLICY} ${resource}`,
    [TAG.deployment]: DEPLOYMENT,
    [TAG.policy]: POLICY,
    [TAG.resource]: resource,
    [TAG.kind]: "instance",
    [TAG.home]: region,
    [TAG.point]: pointId(identity),
    [TAG.scheduled]: new Date(scheduled).toISOString(),
    [TAG.size]: String(DEVICES),
    [TAG.level]: "crash",
    [TAG.retain]: `age=${HOURS_KEPT}h`,
  };
  const description = `lockstep ${POLICY} ${resource} ${region} ${pointId(identity)}`;
  return { volumeId, startTime: new Date(scheduled + 60_000).toISOString(), description, tags };
}

async function volumesByInstance(t: Harness, region: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const client = t.client(EC2Client, region);
  const volumes = new Map<string, string[]>();
  for await (const page of paginateDescribeVolumes({ client }, { MaxResults: 500 })) {
    for (const { VolumeId = "", Attachments = [] } of page.Volumes ?? []) {
      const instance = Attachments[0]?.InstanceId ?? "";
      volumes.set(instance, [...(volumes.get(instance) ?? []), VolumeId]);
    }
  }
  client.destroy();
  return volumes;
}
