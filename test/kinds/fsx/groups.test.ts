import { EC2Client } from "@aws-sdk/client-ec2";
import type { FileSystem } from "@aws-sdk/client-fsx";
import { expect } from "chai";
import { fileSystemResources } from "../../../kinds/fsx/aws/describe.js";
import { readGroups } from "../../../kinds/fsx/aws/interfaces.js";
import { HOME, NOW } from "../../core/worlds.js";
import { answer } from "../../functions/fakes.js";

const system = (i: number): FileSystem => ({
  FileSystemId: `fs-${i}`,
  FileSystemType: "OPENZFS",
  Lifecycle: "AVAILABLE",
  CreationTime: new Date(NOW),
  StorageCapacity: 64,
  NetworkInterfaceIds: [`eni-${i}a`, `eni-${i}b`],
});

describe("kinds/fsx: security groups", () => {
  it("are asked for of 200 interfaces at once, over all pages, and recorded for each file system", async () => {
    const systems = Array.from({ length: 101 }, (_, i) => system(i));
    const shown = (id: string) => ({
      NetworkInterfaceId: id,
      Groups: [{ GroupId: `sg-${id}` }, { GroupId: "sg-all" }],
    });
    const { client, sent } = answer(new EC2Client({ region: HOME }), ({ input }) => {
      const { Filters, NextToken } = input as { Filters: { Values: string[] }[]; NextToken?: string };
      const ids = Filters[0]?.Values ?? [];
      const half = ids.length / 2;
      const page = NextToken === undefined ? ids.slice(0, half) : ids.slice(half);
      return { NetworkInterfaces: page.map(shown), ...(NextToken === undefined && { NextToken: "more" }) };
    });
    const groups = await readGroups(client, systems, new AbortController().signal);
    expect(sent.map(({ action }) => action)).to.deep.equal(
      Array.from({ length: 4 }, () => "DescribeNetworkInterfaces"),
    );
    const recovery = fileSystemResources(systems, groups, HOME).map(({ members }) => members[0]?.detail);
    expect(recovery).to.have.length(101);
    expect(recovery[100])
      .to.have.nested.property("recovery.securityGroups")
      .that.deep.equals([...["sg-all", "sg-eni-100a", "sg-eni-100b"]]);
  });

  it("are asked for of nothing where there is no file system", async () => {
    const { client, sent } = answer(new EC2Client({ region: HOME }), () => ({}));
    await readGroups(client, [], new AbortController().signal);
    expect(sent).to.deep.equal([]);
  });
});
