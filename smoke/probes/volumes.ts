import {
  CreateVolumeCommand,
  DeleteVolumeCommand,
  DescribeAvailabilityZonesCommand,
  DescribeVolumesCommand,
  type Volume,
} from "@aws-sdk/client-ec2";
import type { Probe, Session } from "../model.js";

/** The smallest disk that is billed. */
const GIB = 1;

/** Makes a volume and has it removed at the end. */
async function create(s: Session, name: string, token?: string): Promise<Volume> {
  const volume = await s.ec2("home").send(
    new CreateVolumeCommand({
      AvailabilityZone: await zone(s),
      Size: GIB,
      VolumeType: "gp3",
      ...(token === undefined ? {} : { ClientToken: token }),
      TagSpecifications: [{ ResourceType: "volume", Tags: s.tags({ Key: "Name", Value: name }) }],
    }),
  );
  const id = s.keep(name, volume.VolumeId);
  s.made({
    what: `volume ${id}`,
    region: s.regions.home,
    remove: async () => {
      await s.ec2("home").send(new DeleteVolumeCommand({ VolumeId: id }));
    },
  });
  return volume;
}

/** The first zone; any has gp3 volumes. */
async function zone(s: Session): Promise<string> {
  const { AvailabilityZones } = await s.ec2("home").send(new DescribeAvailabilityZonesCommand({}));
  const names = (AvailabilityZones ?? []).flatMap(({ ZoneName }) => ZoneName ?? []).toSorted();
  return s.keep("zone", names[0]);
}

const described = async (s: Session, name: string): Promise<Volume | undefined> => {
  const { Volumes } = await s.ec2("home").send(new DescribeVolumesCommand({ VolumeIds: [s.id(name)] }));
  return Volumes?.[0];
};

export const VOLUMES: readonly Probe[] = [
  {
    name: "create-volume",
    behaviour:
      "CreateVolume answers with a volume that is creating, with the tags of TagSpecifications, and gp3's 3000 IOPS and 125 MiB/s",
    source: "EC2 API reference, CreateVolume",
    ask: async (s) => {
      const made = await create(s, "volume");
      const isThere = (volume: Volume | undefined) => volume?.State === "available";
      await s.until(() => described(s, "volume"), isThere);
      return made;
    },
  },
  {
    name: "describe-volume",
    behaviour: "A volume that nothing uses is available and has no attachments",
    source: "EC2 API reference, DescribeVolumes",
    ask: (s) => described(s, "volume"),
  },
  {
    name: "create-volume-again",
    behaviour: "The same ClientToken and parameters answer with the same volume, and make no other",
    source: 'EC2 developer guide, "Ensuring idempotency in Amazon EC2 API requests"',
    ask: async (s) => {
      const token = `${s.run}-volume`;
      const { VolumeId: first } = await create(s, "second-volume", token);
      const { VolumeId: second } = await create(s, "second-volume", token);
      return { isSame: first === second };
    },
  },
  {
    name: "create-volume-other-parameters",
    behaviour: "The same ClientToken with other parameters is IdempotentParameterMismatch",
    source: 'EC2 developer guide, "Ensuring idempotency in Amazon EC2 API requests"',
    ask: async (s) =>
      s.ec2("home").send(
        new CreateVolumeCommand({
          AvailabilityZone: s.id("zone"),
          Size: 2 * GIB,
          VolumeType: "gp3",
          ClientToken: `${s.run}-volume`,
        }),
      ),
  },
  {
    name: "describe-unknown-volume",
    behaviour: "A volume that does not exist is InvalidVolume.NotFound",
    source: 'EC2 developer guide, "Error codes for the Amazon EC2 API"',
    ask: (s) => s.ec2("home").send(new DescribeVolumesCommand({ VolumeIds: ["vol-00000000000000000"] })),
  },
  {
    name: "describe-malformed-volume",
    behaviour: "An id that no volume can have is InvalidParameterValue",
    source: 'EC2 developer guide, "Error codes for the Amazon EC2 API"',
    ask: (s) => s.ec2("home").send(new DescribeVolumesCommand({ VolumeIds: ["vol-nonsense"] })),
  },
];
