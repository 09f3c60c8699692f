import {
  CreateSnapshotsCommand,
  type CreateSnapshotsCommandInput,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  type Instance,
  RunInstancesCommand,
  type SnapshotInfo,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { newestImage } from "../images.js";
import type { Probe, Session } from "../model.js";
import { ended, NOTHING, PAGES, removeLater, tag } from "./common.js";

const TYPE = "t4g.nano";
const DATA = "/dev/sdf";

/** What a backup looks at in an instance; addresses and such are nobody's business. */
const view = (instance: Instance | undefined) => ({
  state: instance?.State?.Name,
  type: instance?.InstanceType,
  root: instance?.RootDeviceName,
  rootType: instance?.RootDeviceType,
  tags: instance?.Tags,
  devices: (instance?.BlockDeviceMappings ?? []).map(({ DeviceName, Ebs }) => ({
    device: DeviceName,
    volume: Ebs?.VolumeId,
    status: Ebs?.Status,
    deleted: Ebs?.DeleteOnTermination,
  })),
});

async function instanceOf(s: Session): Promise<Instance | undefined> {
  const { Reservations } = await s.ec2("home").send(new DescribeInstancesCommand({ InstanceIds: [s.id("instance")] }));
  return Reservations?.[0]?.Instances?.[0];
}

/** A small instance with a boot and a data volume. */
async function launch(s: Session): Promise<void> {
  const ec2 = s.ec2("home");
  const { Instances } = await ec2.send(
    new RunInstancesCommand({
      ImageId: s.keep("image", await newestImage(ec2)),
      InstanceType: TYPE,
      MinCount: 1,
      MaxCount: 1,
      ClientToken: `${s.run}-instance`,
      BlockDeviceMappings: [{ DeviceName: DATA, Ebs: { VolumeSize: 1, VolumeType: "gp3", DeleteOnTermination: true } }],
      TagSpecifications: (["instance", "volume"] as const).map((ResourceType) => ({
        ResourceType,
        Tags: s.tags(tag("Name", "smoke"), tag("Kept", "yes")),
      })),
    }),
  );
  const id = s.keep("instance", Instances?.[0]?.InstanceId);
  s.made({
    what: `instance ${id}`,
    region: s.regions.home,
    remove: async () => {
      await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    },
  });
  // Before it runs not all of its disks may be told.
  await s.until(
    () => instanceOf(s),
    (instance) => instance?.State?.Name === "running" && instance.BlockDeviceMappings?.length === 2,
  );
  for (const { DeviceName, Ebs } of (await instanceOf(s))?.BlockDeviceMappings ?? []) {
    s.keep(DeviceName === DATA ? "data-volume" : "boot-volume", Ebs?.VolumeId);
  }
}

/** CreateSnapshots; the snapshots are called by the set and by what they are of. */
async function createSet(
  s: Session,
  name: string,
  input: Partial<CreateSnapshotsCommandInput> = {},
): Promise<readonly SnapshotInfo[]> {
  const { Snapshots = [] } = await s.ec2("home").send(
    new CreateSnapshotsCommand({
      InstanceSpecification: { InstanceId: s.id("instance") },
      TagSpecifications: [{ ResourceType: "snapshot", Tags: s.tags(tag("Set", name)) }],
      ...input,
    }),
  );
  for (const { SnapshotId, VolumeId } of Snapshots) {
    const of = VolumeId === s.id("data-volume") ? "data" : "boot";
    removeLater(s, "home", s.keep(`${name}-${of}`, SnapshotId));
  }
  return Snapshots;
}

const set = (
  name: string,
  behaviour: string,
  input: (s: Session) => Partial<CreateSnapshotsCommandInput>,
  source: string = PAGES.createSnapshots,
): Probe => ({
  name,
  behaviour,
  source,
  ask: async (s) => (await createSet(s, name, input(s))).map(({ Progress: _progress, ...rest }) => rest),
});

export const SETS: readonly Probe[] = [
  {
    name: "run-instance",
    behaviour: "A running instance tells all its disks, those of its block device mappings too",
    source: "EC2 API reference, RunInstances and DescribeInstances",
    ask: async (s) => {
      await launch(s);
      return view(await instanceOf(s));
    },
  },
  set(
    "set-of-all",
    "CreateSnapshots makes one pending snapshot a volume, boot volume included, each with the tags of the call",
    () => ({
      Description: "smoke set",
    }),
  ),
  set("set-with-volume-tags", "CopyTagsFromSource puts each volume's own tags beside those of the call", () => ({
    CopyTagsFromSource: "volume",
  })),
  set("set-without-boot", "ExcludeBootVolume leaves the boot volume out", (s) => ({
    InstanceSpecification: { InstanceId: s.id("instance"), ExcludeBootVolume: true },
  })),
  set("set-without-data", "ExcludeDataVolumeIds leaves those volumes out", (s) => ({
    InstanceSpecification: { InstanceId: s.id("instance"), ExcludeDataVolumeIds: [s.id("data-volume")] },
  })),
  set("set-without-root-by-id", "The boot volume among ExcludeDataVolumeIds fails the call", (s) => ({
    InstanceSpecification: { InstanceId: s.id("instance"), ExcludeDataVolumeIds: [s.id("boot-volume")] },
  })),
  set("set-without-anything", "A set of no volume is refused", (s) => ({
    InstanceSpecification: {
      InstanceId: s.id("instance"),
      ExcludeBootVolume: true,
      ExcludeDataVolumeIds: [s.id("data-volume")],
    },
  })),
  set(
    "set-of-unknown-instance",
    "A set of an instance that does not exist is InvalidInstanceID.NotFound",
    () => ({
      InstanceSpecification: { InstanceId: NOTHING.instance },
    }),
    PAGES.errors,
  ),
  {
    name: "set-completed",
    behaviour: "Each snapshot of a set completes by itself",
    source: PAGES.createSnapshots,
    ask: async (s) => {
      for (const name of ["set-of-all-boot", "set-of-all-data"]) await ended(s, "home", name);
      const Filters = [
        { Name: "tag:Set", Values: ["set-of-all"] },
        { Name: "description", Values: ["smoke set"] },
      ];
      const ids = ["set-of-all-boot", "set-of-all-data"].map((name) => s.id(name));
      const { Snapshots } = await s.ec2("home").send(new DescribeSnapshotsCommand({ OwnerIds: ["self"], Filters }));
      return (Snapshots ?? [])
        .filter(({ SnapshotId }) => ids.includes(SnapshotId ?? ""))
        .map(({ FullSnapshotSizeInBytes: _size, ...rest }) => rest);
    },
  },
];
