import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  EC2Client,
  type LaunchTemplateBlockDeviceMapping,
  type LaunchTemplateBlockDeviceMappingRequest,
  ModifyLaunchTemplateCommand,
  type RequestLaunchTemplateData,
  type ResponseLaunchTemplateData,
} from "@aws-sdk/client-ec2";
import { fromTagList, toTagList } from "../../calls/tags.js";
import { resource, unlessGone } from "../../resource/resource.js";
import { boolean, list, map, number, object, set, string, tagged, type Values } from "../../resource/schema.js";
import { arnOf, setTags, tagSpecification } from "./common.js";

/** The official provider has these booleans as text, to tell "false" from "not given". */
const DISK = {
  deleteOnTermination: string(),
  encrypted: string(),
  iops: number({ computed: true }),
  kmsKeyId: string(),
  snapshotId: string(),
  throughput: number({ computed: true }),
  volumeSize: number({ computed: true }),
  volumeType: string({ computed: true }),
};
const DEVICE = { deviceName: string(), noDevice: string(), ebs: object(DISK) };

/** What a version holds; a change of it makes a new version. */
const DATA = {
  blockDeviceMappings: list(object(DEVICE)),
  ebsOptimized: string(),
  iamInstanceProfile: object({ arn: string(), name: string() }),
  imageId: string(),
  instanceType: string(),
  metadataOptions: object(
    {
      httpEndpoint: string({ computed: true }),
      httpProtocolIpv6: string({ computed: true }),
      httpPutResponseHopLimit: number({ computed: true }),
      httpTokens: string({ computed: true }),
      instanceMetadataTags: string({ computed: true }),
    },
    { computed: true },
  ),
  monitoring: object({ enabled: boolean() }),
  tagSpecifications: list(object({ resourceType: string(), tags: map() })),
  userData: string(),
  vpcSecurityGroupIds: set(string()),
};
const INPUTS = {
  ...DATA,
  defaultVersion: number({ computed: true }),
  description: string(),
  name: string({ computed: true, replace: true }),
  updateDefaultVersion: boolean(),
  ...tagged,
};
type Inputs = Values<typeof INPUTS>;
type Device = Values<typeof DEVICE>;

const toBoolean = (text: string | undefined): boolean | undefined => (text === undefined ? undefined : text === "true");
const toText = (value: boolean | undefined): string | undefined => (value === undefined ? undefined : String(value));

const toMapping = ({ deviceName, noDevice, ebs }: Device): LaunchTemplateBlockDeviceMappingRequest => ({
  DeviceName: deviceName,
  NoDevice: noDevice,
  Ebs: ebs && {
    DeleteOnTermination: toBoolean(ebs.deleteOnTermination),
    Encrypted: toBoolean(ebs.encrypted),
    Iops: ebs.iops,
    KmsKeyId: ebs.kmsKeyId,
    SnapshotId: ebs.snapshotId,
    Throughput: ebs.throughput,
    VolumeSize: ebs.volumeSize,
    // EC2 judges it.
    VolumeType: ebs.volumeType as "gp3" | undefined,
  },
});

/** Of the values with types of their own EC2 judges at the launch. */
function toData(inputs: Inputs): RequestLaunchTemplateData {
  const { iamInstanceProfile: profile, metadataOptions: metadata } = inputs;
  const groups = inputs.vpcSecurityGroupIds;
  return {
    BlockDeviceMappings: inputs.blockDeviceMappings?.map(toMapping),
    EbsOptimized: toBoolean(inputs.ebsOptimized),
    IamInstanceProfile: profile && { Arn: profile.arn, Name: profile.name },
    ImageId: inputs.imageId,
    InstanceType: inputs.instanceType as RequestLaunchTemplateData["InstanceType"],
    MetadataOptions: metadata && {
      HttpEndpoint: metadata.httpEndpoint as "enabled" | undefined,
      HttpProtocolIpv6: metadata.httpProtocolIpv6 as "enabled" | undefined,
      HttpPutResponseHopLimit: metadata.httpPutResponseHopLimit,
      HttpTokens: metadata.httpTokens as "required" | undefined,
      InstanceMetadataTags: metadata.instanceMetadataTags as "enabled" | undefined,
    },
    Monitoring: inputs.monitoring && { Enabled: inputs.monitoring.enabled },
    TagSpecifications: inputs.tagSpecifications?.map(({ resourceType, tags }) => ({
      ResourceType: resourceType as "instance" | undefined,
      Tags: toTagList(tags ?? {}),
    })),
    UserData: inputs.userData,
    SecurityGroupIds: groups && [...groups],
  };
}

const fromMapping = ({ DeviceName, NoDevice, Ebs }: LaunchTemplateBlockDeviceMapping) => ({
  deviceName: DeviceName,
  noDevice: NoDevice,
  ebs: Ebs && {
    deleteOnTermination: toText(Ebs.DeleteOnTermination),
    encrypted: toText(Ebs.Encrypted),
    iops: Ebs.Iops,
    kmsKeyId: Ebs.KmsKeyId,
    snapshotId: Ebs.SnapshotId,
    throughput: Ebs.Throughput,
    volumeSize: Ebs.VolumeSize,
    volumeType: Ebs.VolumeType,
  },
});

function fromData(data: ResponseLaunchTemplateData) {
  const { IamInstanceProfile: profile, MetadataOptions: metadata } = data;
  return {
    blockDeviceMappings: data.BlockDeviceMappings?.map(fromMapping),
    ebsOptimized: toText(data.EbsOptimized),
    iamInstanceProfile: profile && { arn: profile.Arn, name: profile.Name },
    imageId: data.ImageId,
    instanceType: data.InstanceType,
    metadataOptions: metadata && {
      httpEndpoint: metadata.HttpEndpoint,
      httpProtocolIpv6: metadata.HttpProtocolIpv6,
      httpPutResponseHopLimit: metadata.HttpPutResponseHopLimit,
      httpTokens: metadata.HttpTokens,
      instanceMetadataTags: metadata.InstanceMetadataTags,
    },
    monitoring: data.Monitoring && { enabled: data.Monitoring.Enabled },
    tagSpecifications: data.TagSpecifications?.map(({ ResourceType, Tags }) => ({
      resourceType: ResourceType,
      tags: fromTagList(Tags),
    })),
    userData: data.UserData,
    vpcSecurityGroupIds: data.SecurityGroupIds,
  };
}

const GONE = ["InvalidLaunchTemplateId.NotFound"];
const makesVersion = (changed: ReadonlySet<string>): boolean =>
  changed.has("description") || Object.keys(DATA).some((property) => changed.has(property));

export const launchTemplate = resource({
  token: "aws:ec2/launchTemplate:LaunchTemplate",
  inputs: INPUTS,
  outputs: ["arn", "latestVersion"],
  autoName: { property: "name", max: 128 },
  recomputed: (changed) => (makesVersion(changed) ? ["latestVersion"] : []),
  async create(context, inputs) {
    const { LaunchTemplate: made } = await context.client(EC2Client).send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: inputs.name,
        VersionDescription: inputs.description,
        LaunchTemplateData: toData(inputs),
        TagSpecifications: tagSpecification("launch-template", inputs.tagsAll),
      }),
    );
    if (!made?.LaunchTemplateId) throw new Error("CreateLaunchTemplate gave no id");
    return made.LaunchTemplateId;
  },
  async read(context, id) {
    const client = context.client(EC2Client);
    const asked = client.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: [id] }));
    const seen = (await unlessGone(asked, ...GONE))?.LaunchTemplates?.[0];
    if (!seen) return undefined;
    const latest = { LaunchTemplateId: id, Versions: ["$Latest"] };
    const found = await client.send(new DescribeLaunchTemplateVersionsCommand(latest));
    const version = found.LaunchTemplateVersions?.[0];
    return {
      arn: arnOf(context, "launch-template", id),
      defaultVersion: seen.DefaultVersionNumber,
      description: version?.VersionDescription,
      latestVersion: seen.LatestVersionNumber,
      name: seen.LaunchTemplateName,
      tagsAll: fromTagList(seen.Tags),
      ...fromData(version?.LaunchTemplateData ?? {}),
    };
  },
  async update(context, id, next, prior, changed) {
    const client = context.client(EC2Client);
    let wanted = changed.has("defaultVersion") ? next.defaultVersion : undefined;
    if (makesVersion(changed)) {
      const asked = { LaunchTemplateId: id, VersionDescription: next.description, LaunchTemplateData: toData(next) };
      const made = await client.send(new CreateLaunchTemplateVersionCommand(asked));
      if (next.updateDefaultVersion) wanted = made.LaunchTemplateVersion?.VersionNumber;
    }
    if (wanted !== undefined) {
      await client.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId: id, DefaultVersion: String(wanted) }));
    }
    if (changed.has("tagsAll")) await setTags(context, [id], next.tagsAll, prior.tagsAll);
  },
  async remove(context, id) {
    const call = context.client(EC2Client).send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: id }));
    await unlessGone(call, ...GONE);
  },
});
