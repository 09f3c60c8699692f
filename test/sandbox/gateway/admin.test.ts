import { CreateSnapshotCommand, CreateVolumeCommand, DescribeSnapshotsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { HOME, withSandbox } from "../../support/sandbox.js";

describe("the admin API", () => {
  const sandbox = withSandbox();
  const at = (path: string, init: RequestInit = {}) => fetch(`${sandbox.info.endpoint}/_lockstep/${path}`, init);

  it("tells its health", async () => {
    const { pid, port, startedAt } = sandbox.info;
    expect(await sandbox.admin("GET", "health")).to.include({ pid, port, startedAt, emulator: "running" });
  });

  it("reads and writes the bytes of volumes and reads those of snapshots", async () => {
    const ec2 = sandbox.client(EC2Client, HOME);
    const { VolumeId } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${HOME}a`, Size: 1 }));
    const write = await at(`volumes/${HOME}/${VolumeId}/bytes?offset=1000`, { method: "PUT", body: "before" });
    expect(write.status, await write.text()).to.equal(200);
    const { SnapshotId } = await ec2.send(new CreateSnapshotCommand({ VolumeId }));
    await at(`volumes/${HOME}/${VolumeId}/bytes?offset=1000`, { method: "PUT", body: "after!" });
    const read = async (kind: string, id: string | undefined) =>
      (await at(`${kind}/${HOME}/${id}/bytes?offset=998&length=10`)).text();
    expect(await read("volumes", VolumeId)).to.equal("\0\0after!\0\0");
    expect(await read("snapshots", SnapshotId)).to.equal("\0\0before\0\0");
  });

  it("puts snapshots of the past beside a volume, all or none", async () => {
    const ec2 = sandbox.client(EC2Client, HOME);
    const { VolumeId = "" } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${HOME}a`, Size: 1 }));
    const past = ["2026-01-01T03:00:00.000Z", "2026-01-02T03:00:00.000Z"].map((startTime) => ({
      volumeId: VolumeId,
      startTime,
      tags: { Backup: "daily" },
    }));
    const lost = { snapshots: [...past, { volumeId: "vol-0123456789abcdef0", startTime: past[0]?.startTime }] };
    const refused = await at(`snapshots/${HOME}`, { method: "POST", body: JSON.stringify(lost) });
    expect([refused.status, await refused.text()].join(" ")).to.match(/^400 .*no volume vol-0123456789abcdef0/);
    const ids = await sandbox.admin("POST", `snapshots/${HOME}`, { snapshots: past });
    const Filters = [{ Name: "volume-id", Values: [VolumeId] }];
    const { Snapshots = [] } = await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ["self"], Filters }));
    expect(Snapshots.map(({ SnapshotId }) => SnapshotId)).to.deep.equal(ids);
    expect(Snapshots.map(({ StartTime, State }) => ({ startTime: StartTime?.toISOString(), State }))).to.deep.equal(
      past.map(({ startTime }) => ({ startTime, State: "completed" })),
    );
    expect(Snapshots[0]?.Tags).to.deep.equal([{ Key: "Backup", Value: "daily" }]);
  });

  it("shows and changes settings, and names what there is none of", async () => {
    expect(await sandbox.admin("POST", "settings", { ec2: { snapshotMillis: 5 } })).to.have.nested.property(
      "ec2.snapshotMillis",
      5,
    );
    const wrong = await at("settings", { method: "POST", body: '{"ec2":{"snapshotMillis":7,"speed":1}}' });
    expect([wrong.status, await wrong.text()].join(" ")).to.match(/^400 .*ec2 has no setting speed/);
    expect(await sandbox.admin("GET", "settings"), "nothing changed").to.have.nested.property("ec2.snapshotMillis", 5);
  });

  it("says what is wrong with a request", async () => {
    const answers: [string, RequestInit, number, string][] = [
      ["nothing", {}, 404, "the admin API has no nothing"],
      ["health", { method: "PUT" }, 405, "health takes GET"],
      [`volumes/${HOME}/vol-0123456789abcdef0/bytes?length=1`, {}, 400, "vol-0123456789abcdef0"],
      [`volumes/${HOME}/vol-1/bytes`, {}, 400, "length is missing"],
      ["faults", { method: "POST", body: '{"events":{"mode":"early"}}' }, 400, "events.0.mode"],
      [`snapshots/${HOME}`, { method: "POST", body: '{"snapshots":[{"volumeId":"v"}]}' }, 400, "snapshots.0.startTime"],
      ["health", { headers: { origin: "http://example.com" } }, 400, "not for pages in a browser"],
    ];
    for (const [path, init, status, message] of answers) {
      const answer = await at(path, init);
      expect(answer.status, path).to.equal(status);
      expect(await answer.text(), path).to.contain(message);
    }
  });
});
