import { expect } from "chai";
import { livingIn } from "../../../../core/inventory/lineage.js";
import type { Policy } from "../../../../core/model/model.js";
import type { FoundStray } from "../../../../functions/store/survey-file.js";
import { memberDetail } from "../../../../kinds/ebs/details.js";
import { disk, NOW, othersInFlight, snapshot, tags } from "../../../functions/ec2-shapes.js";
import { awsError } from "../../../functions/fakes.js";
import { cloud, DR, HOME, isPendingQuery, look, policy, settings } from "./cloud.js";

describe("survey of the world", () => {
  it("joins instances and their volumes over all pages", async () => {
    const volumes = [
      disk("vol-b", "i-1", "/dev/sdb"),
      disk("vol-a", "i-1", "/dev/sda1"),
      disk("vol-z", "i-9", "/dev/sda1"),
    ];
    const instances = [
      { InstanceId: "i-1", RootDeviceName: "/dev/sda1" },
      { InstanceId: "i-2", Tags: tags({ Name: "web", backup: "daily" }) },
    ];
    const { ec2, calls } = cloud({ [HOME]: { instances, volumes } }, 1);
    const [world] = await look(ec2, settings("primary"));
    expect(world && livingIn(world)).to.deep.equal([
      {
        id: "i-1",
        kind: "instance",
        region: HOME,
        name: "i-1",
        tags: {},
        members: [
          {
            id: "vol-a",
            detail: { device: "/dev/sda1", boot: true },
            sizeGiB: 8,
            createdAt: NOW - 3_600_000,
            tags: { use: "data" },
          },
          {
            id: "vol-b",
            detail: { device: "/dev/sdb", boot: false },
            sizeGiB: 8,
            createdAt: NOW - 3_600_000,
            tags: { use: "data" },
          },
        ],
      },
      { id: "i-2", kind: "instance", region: HOME, name: "web", tags: { Name: "web", backup: "daily" }, members: [] },
    ]);
    const listed = calls.find((call) => call.action === "DescribeInstances");
    expect(JSON.stringify(listed?.input["Filters"]))
      .to.contain("running")
      .and.not.match(/terminated|shutting-down/);
    expect(calls.some((call) => call.region === DR && call.action === "DescribeInstances")).to.equal(false);
  });

  it("sees single volumes where a policy wants them: attached or not, but none that is on its way", async () => {
    const free = { ...disk("vol-f", "i-1", "/dev/sdf"), Attachments: [], Tags: tags({ Name: "free" }) };
    const leaving = disk("vol-l", "i-1", "/dev/sdl");
    const detaching = { ...leaving, Attachments: [{ ...leaving.Attachments[0], State: "detaching" }] };
    const instances = [{ InstanceId: "i-1", RootDeviceName: "/dev/sda1" }];
    const volumes = [disk("vol-a", "i-1", "/dev/sda1"), free, detaching];
    const { ec2, calls } = cloud({ [HOME]: { instances, volumes } });
    const policies: Policy[] = [{ ...policy, kinds: ["volume"] }];
    const [world] = await look(ec2, settings("primary", { policies }));
    const seen =
      world &&
      livingIn(world)?.map(({ id, kind, name, members: volumes }) => [
        `${kind} ${id} ${name}`,
        volumes.map((v) => `${v.id} ${memberDetail(v).device} ${memberDetail(v).boot}`),
      ]);
    expect(seen).to.deep.equal([
      ["instance i-1 i-1", ["vol-a /dev/sda1 true"]],
      ["volume vol-a vol-a", ["vol-a /dev/sda1 true"]],
      ["volume vol-f free", ["vol-f  false"]],
      ["volume vol-l vol-l", ["vol-l  false"]],
    ]);
    const filters = calls.find((call) => call.action === "DescribeVolumes")?.input["Filters"];
    expect(filters).to.deep.equal([{ Name: "status", Values: ["available", "in-use"] }]);
  });

  it("groups our snapshots into points and counts the copies of everybody", async () => {
    const [plain, timed] = othersInFlight(2);
    const notCopied = { ...snapshot("snap-new", DR, { State: "pending" }), Tags: [] };
    const { ec2, calls } = cloud({
      [HOME]: { snapshots: [snapshot("snap-1", HOME)] },
      [DR]: { snapshots: [{ ...plain }, { ...timed, TransferType: "time-based" }, notCopied] },
    });
    const [world] = await look(ec2, settings("primary"));
    const home = world?.regions[HOME];
    const dr = world?.regions[DR];
    expect(home?.complete && home.points.map((point) => point.artifacts.map((part) => part.id))).to.deep.equal([
      ["snap-1"],
    ]);
    expect(dr?.complete && dr.copiesInFlight).to.equal(2);
    expect(home?.complete && home.asOf).to.equal(NOW);
    const ours = calls.find(({ action, input }) => action === "DescribeSnapshots" && !isPendingQuery(input));
    expect(ours?.input).to.deep.include({ OwnerIds: ["self"], MaxResults: 1000 });
    expect(ours?.input["Filters"]).to.deep.equal([{ Name: "tag:lockstep:deployment", Values: ["prod"] }]);
  });

  it("takes a region with one failed page for unknown, and its resources for not seen", async () => {
    const fault = (action: string, { NextToken }: Readonly<Record<string, unknown>>) => {
      if (action === "DescribeSnapshots" && NextToken !== undefined)
        throw awsError("InternalError", 500, "page 2 is gone");
    };
    const snapshots = ["snap-1", "snap-2"].map((id) => snapshot(id, HOME));
    const { ec2 } = cloud({ [HOME]: { instances: [{ InstanceId: "i-1" }], snapshots, fault } }, 1);
    const [world] = await look(ec2, settings("primary"));
    expect(world?.regions[HOME]).to.deep.equal({ complete: false, reason: "InternalError: page 2 is gone" });
    expect(world && livingIn(world)).to.equal(undefined);
    expect(world?.regions[DR]).to.include({ complete: true });
  });

  it("takes an answer without its list for a region that was not read", async () => {
    const { ec2 } = cloud({ [HOME]: { fault: (action) => (action === "DescribeInstances" ? {} : undefined) } });
    const [world] = await look(ec2, settings("primary"));
    expect(world?.regions[HOME]).to.deep.equal({ complete: false, reason: "Error: EC2 described no list" });
  });

  it("begins each list at its first page, also after it was read before", async () => {
    const { ec2 } = cloud({ [HOME]: { instances: [{ InstanceId: "i-1" }, { InstanceId: "i-2" }] } }, 1);
    for (const _ of ["a cold start", "a warm one"]) {
      const [world] = await look(ec2, settings("primary"));
      expect(world && livingIn(world)?.map(({ id }) => id)).to.deep.equal(["i-1", "i-2"]);
    }
  });

  it("gives up a region that does not answer in time, and no other", async () => {
    const never = new Promise(() => {});
    const { ec2 } = cloud({ [DR]: { fault: (action) => (action === "DescribeSnapshots" ? never : undefined) } });
    const [world] = await look(ec2, settings("primary"), { deadlineMs: 20 });
    expect(world?.regions[DR]).to.deep.equal({ complete: false, reason: "not read within 0.02 s" });
    expect(world?.regions[HOME]).to.include({ complete: true });
  });

  it("of a DR stack is a world for each peer, with only the points and copy rules that concern it", async () => {
    const other = "us-east-1";
    const copy = (id: string, home: string) =>
      snapshot(
        id,
        home,
        { TransferType: "standard" },
        {
          "lockstep:volume": "vol-1",
          "lockstep:device": "/dev/sda1",
          "lockstep:source": "snap-1",
          "lockstep:taken": new Date(NOW).toISOString(),
        },
      );
    const { ec2, calls } = cloud({ [DR]: { snapshots: [copy("snap-a", HOME), copy("snap-b", other)] } });
    const rules = [...policy.copy, { region: "ap-south-1", retain: { count: 1 } }];
    const dr = settings("dr", { peers: [HOME, other], policies: [{ ...policy, copy: rules }] });
    const worlds = await look(ec2, dr);
    expect(worlds.map((world) => [world.home, Object.keys(world.regions)])).to.deep.equal([
      [HOME, [HOME, DR]],
      [other, [other, DR]],
    ]);
    const held = worlds.map(({ regions }) => {
      const view = regions[DR];
      return view?.complete ? view.points.flatMap((point) => point.artifacts.map((part) => part.id)) : [];
    });
    expect(held).to.deep.equal([["snap-a"], ["snap-b"]]);
    expect(worlds[0]?.policies[0]?.copy).to.deep.equal(policy.copy);
    // Each region once, however many worlds look at it.
    expect(calls.filter((call) => call.region === DR && call.action === "DescribeSnapshots")).to.have.length(2);
    expect(calls.some((call) => call.region === DR && call.action === "DescribeInstances")).to.equal(false);
  });

  it("names snapshots with our tag that cannot be placed", async () => {
    const stray = { ...snapshot("snap-x", HOME), Tags: tags({ "lockstep:deployment": "prod" }) };
    const { ec2 } = cloud({ [HOME]: { snapshots: [stray] } });
    const found: string[] = [];
    await look(ec2, settings("primary"), {
      onStray: ({ kind, region, artifact }: FoundStray) => found.push(`${kind} ${region} ${artifact}`),
    });
    expect(found).to.deep.equal([`ebs ${HOME} snap-x`]);
  });

  it("takes an answer without what AWS always sends for a region that was not read", async () => {
    const { ec2 } = cloud({ [HOME]: { volumes: [{ ...disk("vol-a", "i-1", "x"), Size: undefined }] } });
    const [world] = await look(ec2, settings("primary"));
    expect(world?.regions[HOME]).to.deep.equal({
      complete: false,
      reason: "Error: EC2 described vol-a without a size",
    });
  });
});
