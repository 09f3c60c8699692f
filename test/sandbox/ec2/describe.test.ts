import {
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  type DescribeSnapshotsCommandInput,
  type EC2Client,
  paginateDescribeSnapshots,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { ACCOUNT, type Ec2Harness, failure, given, startEc2 } from "./harness.js";

describe("sandbox EC2: filters and pages", () => {
  let ec2: Ec2Harness;
  let east: EC2Client;

  beforeEach(async () => {
    ec2 = await startEc2({ volumeSnapshots: 100 });
    east = ec2.client("us-east-1");
  });
  afterEach(() => ec2.stop());

  const volume = async (): Promise<string> => {
    const made = await east.send(new CreateVolumeCommand({ AvailabilityZone: "us-east-1a", Size: 1 }));
    return given(made.VolumeId);
  };

  describe("filters", () => {
    let ids: string[];
    const search = async (filters: Record<string, string[]>, more: Partial<DescribeSnapshotsCommandInput> = {}) => {
      const Filters = Object.entries(filters).map(([Name, Values]) => ({ Name, Values }));
      const seen = await east.send(new DescribeSnapshotsCommand({ Filters, ...more }));
      return given(seen.Snapshots).map((one) => ids.indexOf(given(one.SnapshotId)));
    };

    beforeEach(async () => {
      const VolumeId = await volume();
      ids = [];
      for (const [name, description] of [
        ["web-1", "plain"],
        ["web-2", "a*b"],
        ["db", "aXb"],
      ] as const) {
        const TagSpecifications = [
          {
            ResourceType: "snapshot" as const,
            Tags: [
              { Key: "Name", Value: name },
              { Key: `only-${name}`, Value: "" },
            ],
          },
        ];
        const made = await east.send(
          new CreateSnapshotCommand({ VolumeId, Description: description, TagSpecifications }),
        );
        ids.push(given(made.SnapshotId));
        ec2.advance(600);
      }
    });

    it("match by tags, wildcards and escapes; joined by and, values by or", async () => {
      expect(await search({ "tag:Name": ["web-?"] })).to.deep.equal([0, 1]);
      expect(await search({ "tag:Name": ["WEB-1"] })).to.deep.equal([]);
      expect(await search({ "tag-key": ["only-*"] })).to.deep.equal([0, 1, 2]);
      expect(await search({ "tag-key": ["only-db"] })).to.deep.equal([2]);
      expect(await search({ description: ["a*b"] })).to.deep.equal([1, 2]);
      expect(await search({ description: ["a\\*b"] })).to.deep.equal([1]);
      expect(await search({ description: ["p.ain"] })).to.deep.equal([]);
      expect(await search({ "tag:Name": ["db", "web-1"], description: ["plain"] })).to.deep.equal([0]);
      expect(await search({ "tag:missing": ["*"] })).to.deep.equal([]);
    });

    it("match by what a snapshot is", async () => {
      expect(await search({ status: ["pending"] })).to.deep.equal([2]);
      expect(await search({ status: ["completed", "error"] })).to.deep.equal([0, 1]);
      expect(await search({ progress: ["60%"] })).to.deep.equal([2]);
      expect(await search({ "start-time": ["2026-01-31T12:00:0*"] })).to.deep.equal([0, 1, 2]);
      expect(await search({ "start-time": ["2026-01-31T12:00:00.000Z"] })).to.deep.equal([0]);
      expect(await search({ "snapshot-id": [given(ids[1])] })).to.deep.equal([1]);
      expect(await search({ "volume-size": ["1"], encrypted: ["false"], "owner-id": [ACCOUNT] })).to.have.length(3);
      expect(await search({ "transfer-type": ["standard"] })).to.deep.equal([]);
      expect(await search({ "volume-id": ["vol-ffffffff"] })).to.deep.equal([]);
    });

    it("are refused when unknown, empty or too many", async () => {
      const unknown = await failure(search({ "volume-colour": ["red"] }));
      expect(unknown.code).to.equal("InvalidParameterValue");
      expect(unknown.message).to.contain("'volume-colour'");
      expect((await failure(search({ "tag:": ["x"] }))).message).to.contain("'tag:'");
      expect((await failure(search({ constructor: ["x"] }))).message).to.contain("'constructor'");
      expect((await failure(search({ status: [] }))).code).to.equal("MissingParameter");
      const many = Array.from({ length: 201 }, (_, i) => String(i));
      expect((await failure(search({ status: many }))).code).to.equal("FilterLimitExceeded");
    });

    it("know owners and who may restore", async () => {
      const owned = (more: Partial<DescribeSnapshotsCommandInput>) => search({}, more);
      expect(await owned({ OwnerIds: ["self"] })).to.deep.equal([0, 1, 2]);
      expect(await owned({ OwnerIds: [ACCOUNT] })).to.deep.equal([0, 1, 2]);
      expect(await owned({ OwnerIds: ["amazon", "111111111111"] })).to.deep.equal([]);
      expect(await owned({ RestorableByUserIds: ["self"] })).to.deep.equal([0, 1, 2]);
      expect(await owned({ RestorableByUserIds: ["all"] })).to.deep.equal([]);
      expect((await failure(owned({ OwnerIds: ["me"] }))).code).to.equal("InvalidUserID.Malformed");
      expect((await failure(owned({ RestorableByUserIds: [ACCOUNT] }))).code).to.equal("UnsupportedOperation");
    });
  });

  describe("pages", () => {
    beforeEach(async () => {
      const VolumeId = await volume();
      for (let i = 0; i < 12; i++) {
        const Tags = [{ Key: "odd", Value: String(i % 2) }];
        const TagSpecifications = [{ ResourceType: "snapshot" as const, Tags }];
        await east.send(new CreateSnapshotCommand({ VolumeId, TagSpecifications }));
      }
    });

    it("cover everything once, also with filters, and end without a token", async () => {
      const seen: string[] = [];
      const sizes: number[] = [];
      for await (const page of paginateDescribeSnapshots({ client: east, pageSize: 5 }, { OwnerIds: ["self"] })) {
        sizes.push(given(page.Snapshots).length);
        for (const one of given(page.Snapshots)) seen.push(given(one.SnapshotId));
      }
      expect(sizes).to.deep.equal([5, 5, 2]);
      expect(new Set(seen).size).to.equal(12);
      const Filters = [{ Name: "tag:odd", Values: ["1"] }];
      const first = await east.send(new DescribeSnapshotsCommand({ Filters, MaxResults: 5 }));
      const second = await east.send(
        new DescribeSnapshotsCommand({ Filters, MaxResults: 5, NextToken: first.NextToken }),
      );
      expect([first.Snapshots?.length, second.Snapshots?.length, second.NextToken]).to.deep.equal([5, 1, undefined]);
      const whole = await east.send(new DescribeSnapshotsCommand({ Filters, MaxResults: 6 }));
      expect(whole.NextToken).to.equal(undefined);
    });

    it("are one page without MaxResults", async () => {
      const all = await east.send(new DescribeSnapshotsCommand({}));
      expect(all.Snapshots).to.have.length(12);
      expect(all.NextToken).to.equal(undefined);
    });

    it("have 5 to 1000 rows, no ids beside, and tokens of their own", async () => {
      const refused = async (more: Partial<DescribeSnapshotsCommandInput>) =>
        (await failure(east.send(new DescribeSnapshotsCommand(more)))).code;
      expect(await refused({ MaxResults: 4 })).to.equal("InvalidParameterValue");
      expect((await east.send(new DescribeSnapshotsCommand({ MaxResults: 5000 }))).Snapshots).to.have.length(12);
      expect((await failure(east.send(new DescribeInstancesCommand({ MaxResults: 5000 })))).code).to.equal(
        "InvalidParameterValue",
      );
      const page = await east.send(new DescribeSnapshotsCommand({ MaxResults: 5 }));
      const SnapshotIds = [given(page.Snapshots?.[0]?.SnapshotId)];
      expect(await refused({ SnapshotIds, MaxResults: 5 })).to.equal("InvalidParameterCombination");
      expect(await refused({ MaxResults: 5, NextToken: "bm9uc2Vuc2U" })).to.equal("InvalidPaginationToken");
      const Filters = [{ Name: "status", Values: ["error"] }];
      expect(await refused({ MaxResults: 5, NextToken: page.NextToken, Filters })).to.equal("InvalidPaginationToken");
    });
  });
});
