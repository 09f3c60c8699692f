import {
  CreateSnapshotCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DeleteTagsCommand,
  DescribeAvailabilityZonesCommand,
  DescribeInstancesCommand,
  DescribeRegionsCommand,
  DescribeSnapshotsCommand,
  DescribeTagsCommand,
  DescribeVolumesCommand,
  type EC2Client,
  paginateDescribeTags,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { type Ec2Harness, failure, given, startEc2 } from "./harness.js";

describe("sandbox EC2: protocol and tags", () => {
  let ec2: Ec2Harness;
  let east: EC2Client;

  beforeEach(async () => {
    ec2 = await startEc2({ volumeSnapshots: 100 });
    east = ec2.client("us-east-1");
  });
  afterEach(() => ec2.stop());

  const volume = async (tags: Record<string, string> = {}): Promise<string> => {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const TagSpecifications = Tags.length > 0 ? [{ ResourceType: "volume" as const, Tags }] : [];
    const made = await east.send(
      new CreateVolumeCommand({ AvailabilityZone: "us-east-1a", Size: 1, TagSpecifications }),
    );
    return given(made.VolumeId);
  };
  const tagsOf = async (id: string): Promise<Record<string, string>> => {
    const seen = await east.send(new DescribeVolumesCommand({ VolumeIds: [id] }));
    return Object.fromEntries((seen.Volumes?.[0]?.Tags ?? []).map((tag) => [tag.Key, tag.Value]));
  };

  describe("errors", () => {
    it("are EC2's XML with code, message, request id and status", async () => {
      const answer = await ec2.raw({ Action: "DeleteSnapshot" });
      expect(answer.status).to.equal(400);
      expect(answer.body).to.match(
        /^<\?xml[^>]*>\s*<Response><Errors><Error><Code>MissingParameter<\/Code><Message>[^<]*SnapshotId<\/Message><\/Error><\/Errors><RequestID>[0-9a-f-]{36}<\/RequestID><\/Response>$/,
      );
    });

    it("name an unknown action, version, parameter and region", async () => {
      const refused = async (parameters: Record<string, string>, region?: string) =>
        (await ec2.raw(parameters, region)).body;
      expect(await refused({ Action: "CreateMoon" }))
        .to.contain("InvalidAction")
        .and.to.contain("CreateMoon");
      expect(await refused({ Action: "constructor" })).to.contain("InvalidAction");
      expect(await refused({ Action: "DescribeVolumes", Version: "2010-01-01" })).to.contain("NoSuchVersion");
      const odd = await refused({ Action: "DescribeVolumes", "VolumeIds.1": "vol-1" });
      expect(odd).to.contain("UnknownParameter").and.to.contain("VolumeIds.1");
      expect(await refused({ Action: "DescribeVolumes" }, "mars-east-1")).to.contain("mars-east-1");
      expect(await refused({})).to.contain("MissingAction");
    });

    it("tell missing from malformed", async () => {
      const code = async (call: Promise<unknown>) => (await failure(call)).code;
      const snapshots = (id: string) => east.send(new DescribeSnapshotsCommand({ SnapshotIds: [id] }));
      expect(await code(snapshots("snap-00000000000000001"))).to.equal("InvalidSnapshot.NotFound");
      expect(await code(snapshots("snap-123"))).to.equal("InvalidSnapshotID.Malformed");
      expect(await code(snapshots("banana"))).to.equal("InvalidParameterValue");
      const volumes = (id: string) => east.send(new DescribeVolumesCommand({ VolumeIds: [id] }));
      expect(await code(volumes("vol-00000000"))).to.equal("InvalidVolume.NotFound");
      expect((await failure(volumes("vol-1"))).message).to.equal(
        "Value (vol-1) for parameter volumes is invalid. Expected: 'vol-...'.",
      );
      const instances = (...InstanceIds: string[]) => east.send(new DescribeInstancesCommand({ InstanceIds }));
      expect(await code(instances("i-1"))).to.equal("InvalidInstanceID.Malformed");
      expect((await failure(instances("i-00000001", "i-00000002"))).message).to.equal(
        "The instance IDs 'i-00000001, i-00000002' do not exist",
      );
    });

    it("answer a dry run with 412 and change nothing", async () => {
      const VolumeId = await volume();
      const dry = await failure(east.send(new CreateSnapshotCommand({ VolumeId, DryRun: true })));
      expect(dry).to.include({ code: "DryRunOperation", status: 412 });
      expect((await east.send(new DescribeSnapshotsCommand({}))).Snapshots).to.deep.equal([]);
    });
  });

  describe("tags", () => {
    it("are created, replaced and deleted, by value too", async () => {
      const id = await volume({ a: "1" });
      const Resources = [id];
      await east.send(
        new CreateTagsCommand({
          Resources,
          Tags: [
            { Key: "a", Value: "2" },
            { Key: "b", Value: "" },
          ],
        }),
      );
      expect(await tagsOf(id)).to.deep.equal({ a: "2", b: "" });
      await east.send(new DeleteTagsCommand({ Resources, Tags: [{ Key: "a", Value: "wrong" }, { Key: "b" }] }));
      expect(await tagsOf(id)).to.deep.equal({ a: "2" });
      await east.send(new DeleteTagsCommand({ Resources }));
      const bare = await east.send(new DescribeVolumesCommand({ VolumeIds: Resources }));
      expect(bare.Volumes?.[0]).not.to.have.property("Tags");
      expect(await tagsOf(id)).to.deep.equal({});
    });

    it("refuse aws: keys, duplicates, too many and too long, for all resources or none", async () => {
      const id = await volume();
      const create = async (Tags: { Key: string; Value: string }[], Resources = [id]) =>
        (await failure(east.send(new CreateTagsCommand({ Resources, Tags })))).code;
      const tag = (Key: string, Value = "v") => ({ Key, Value });
      expect(await create([tag("aws:mine")])).to.equal("InvalidParameterValue");
      expect(await create([tag("x"), tag("x")])).to.equal("InvalidParameterValue");
      expect(await create([tag("k".repeat(129))])).to.equal("InvalidParameterValue");
      expect(await create([tag("k", "v".repeat(257))])).to.equal("InvalidParameterValue");
      expect(await create(Array.from({ length: 51 }, (_, i) => tag(`k${i}`)))).to.equal("TagLimitExceeded");
      expect(await create([tag("x")], [id, "vol-00000000000000001"])).to.equal("InvalidVolume.NotFound");
      expect(await create([tag("x")], ["nothing"])).to.equal("InvalidID");
      expect(await tagsOf(id)).to.deep.equal({});
      const TagSpecifications = [{ ResourceType: "volume" as const, Tags: [tag("x")] }];
      const wrong = await failure(east.send(new CreateSnapshotCommand({ VolumeId: id, TagSpecifications })));
      expect(wrong.message).to.equal("'volume' is not a valid taggable resource type for this operation.");
    });

    it("are listed with filters and pages", async () => {
      const first = await volume({ Name: "one", Backup: "daily" });
      const run = await east.send(
        new RunInstancesCommand({
          ImageId: "ami-12345678",
          MinCount: 1,
          MaxCount: 1,
          TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Backup", Value: "daily" }] }],
        }),
      );
      const instance = given(run.Instances?.[0]?.InstanceId);
      const list = async (Name: string, ...Values: string[]) =>
        (await east.send(new DescribeTagsCommand({ Filters: [{ Name, Values }] }))).Tags;
      expect(await list("resource-id", first)).to.deep.equal([
        { ResourceId: first, ResourceType: "volume", Key: "Name", Value: "one" },
        { ResourceId: first, ResourceType: "volume", Key: "Backup", Value: "daily" },
      ]);
      expect((await list("key", "Backup"))?.map((tag) => tag.ResourceId)).to.deep.equal([instance, first]);
      expect((await list("tag:Backup", "d*"))?.map((tag) => tag.ResourceId)).to.deep.equal([instance, first]);
      expect(await list("resource-type", "snapshot")).to.deep.equal([]);
      for (let i = 0; i < 5; i++) await volume({ i: String(i), j: "x", k: "y" });
      const keys: string[] = [];
      const pages: number[] = [];
      for await (const page of paginateDescribeTags({ client: east, pageSize: 7 }, {})) {
        pages.push(page.Tags?.length ?? 0);
        for (const tag of page.Tags ?? []) keys.push(`${tag.ResourceId} ${tag.Key}`);
      }
      expect(pages).to.deep.equal([7, 7, 4]);
      expect(new Set(keys).size).to.equal(18);
    });
  });

  it("knows regions and zones", async () => {
    const regions = await east.send(
      new DescribeRegionsCommand({ Filters: [{ Name: "region-name", Values: ["eu-west-*"] }] }),
    );
    expect(regions.Regions?.map((one) => one.RegionName)).to.deep.equal(["eu-west-1", "eu-west-2", "eu-west-3"]);
    expect((await failure(east.send(new DescribeRegionsCommand({ RegionNames: ["mars-1"] })))).message).to.contain(
      "mars-1",
    );
    const zones = await ec2.client("ap-southeast-2").send(new DescribeAvailabilityZonesCommand({}));
    expect(zones.AvailabilityZones?.map((one) => [one.ZoneName, one.ZoneId])).to.deep.equal([
      ["ap-southeast-2a", "apse2-az1"],
      ["ap-southeast-2b", "apse2-az2"],
      ["ap-southeast-2c", "apse2-az3"],
    ]);
  });

  it("keeps regions apart", async () => {
    const id = await volume();
    const west = ec2.client("us-west-2");
    expect((await west.send(new DescribeVolumesCommand({}))).Volumes).to.deep.equal([]);
    expect((await failure(west.send(new CreateSnapshotCommand({ VolumeId: id })))).code).to.equal(
      "InvalidVolume.NotFound",
    );
  });
});
