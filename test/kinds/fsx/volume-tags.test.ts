import { EC2Client } from "@aws-sdk/client-ec2";
import { FSxClient } from "@aws-sdk/client-fsx";
import { expect } from "chai";
import { readRegion } from "../../../kinds/fsx/aws/list.js";
import { HOME, NOW } from "../../core/worlds.js";
import { answer } from "../../functions/fakes.js";

const ARN = "arn:aws:fsx:eu-west-1:111122223333:volume/fs-1/fsvol-1";
const VOLUME = {
  VolumeId: "fsvol-1",
  VolumeType: "ONTAP",
  FileSystemId: "fs-1",
  Name: "data",
  Lifecycle: "CREATED",
  CreationTime: new Date(NOW),
  ResourceARN: ARN,
  OntapConfiguration: { SizeInMegabytes: 1024, OntapVolumeType: "RW" },
};

/** DescribeVolumes of AWS tells no tags. */
describe("kinds/fsx: tags of volumes", () => {
  async function read(...kinds: string[]) {
    const { client: fsx, sent } = answer(new FSxClient({ region: HOME }), ({ action, input }) => {
      switch (action) {
        case "DescribeVolumes":
          return { Volumes: [VOLUME, { ...VOLUME, VolumeId: "fsvol-2", VolumeType: "OPENZFS" }] };
        case "ListTagsForResource":
          return (input as { NextToken?: string }).NextToken === undefined
            ? { Tags: [{ Key: "Backup", Value: "daily" }], NextToken: "more" }
            : { Tags: [{ Key: "Name", Value: "shop" }] };
        default:
          return { Backups: [], FileSystems: [] };
      }
    });
    const { client: ec2 } = answer(new EC2Client({ region: HOME }), () => ({}));
    const policies = [{ name: "p", select: { everything: true } as const, kinds, retain: { count: 1 }, copy: [] }];
    // Of the settings a look uses these.
    const settings = { deployment: "acme", policies } as unknown as Parameters<typeof readRegion>[2]["settings"];
    const look = { settings, isHome: true, now: NOW, signal: new AbortController().signal };
    const { resources } = await readRegion({ fsx, ec2 }, HOME, look);
    const asked = sent
      .filter(({ action }) => action === "ListTagsForResource")
      .map(({ input }) => (input as { ResourceARN: string }).ResourceARN);
    return { resources, asked };
  }

  it("are asked for of each ONTAP volume, over all pages, where a policy protects volumes", async () => {
    const { resources, asked } = await read("ontap-volume", "instance");
    expect(asked).to.deep.equal([ARN, ARN]);
    const [volume, ...more] = resources;
    expect(more).to.deep.equal([]);
    expect(volume).to.deep.include({ id: "fsx:fsvol-1", name: "shop", tags: { Backup: "daily", Name: "shop" } });
  });

  it("are not asked for where none does", async () => {
    const { resources, asked } = await read("fsx");
    expect(asked).to.deep.equal([]);
    expect(resources.map(({ name }) => name)).to.deep.equal(["data"]);
  });
});
