import { CreateSnapshotCommand, CreateVolumeCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateKeyCommand, DisableKeyCommand, EnableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { expect } from "chai";
import { DR, type Harness, POLICY, PRIMARY, until } from "./harness.js";
import { Mailbox } from "./mailbox.js";
import { asTags, launch, snapshotsWith } from "./snapshots.js";

const TAGGED = "tagged";
const RESOURCE = "lockstep:resource";

/** Selects nothing but what these tests launch, and is due by itself in no test. */
export const TAGGED_POLICY = {
  name: TAGGED,
  select: { key: "Suite", value: "tagged" },
  ebs: { include: ["autoscaling"] },
  schedule: "cron(0 3 1 1 ? *)",
  retain: { count: 3 },
  pointTags: { Made: "{instance-id} {policy} {region} {iso-datetime}", Disk: "{volume-id} {device}" },
};

/** As a published system tags what it makes (kinds/ebs/adopt.ts). */
const OTHERS = { Type: "Automated", CreatedOn: "2026-11-21" };

/** Tests of what people ask for by tags and commands, in an environment that is deployed with TAGGED_POLICY too. */
export function whatPeopleAsk(harness: () => Harness): void {
  let mail: Mailbox;
  const done = async <T>(line: string): Promise<T> => {
    const outcome = await harness().command(line);
    expect(outcome.ending, outcome.text).to.equal("done");
    return outcome.data as T;
  };

  it("goes by the tags of each instance, and a bad one hits its own instance alone", async () => {
    const t = harness();
    mail = await Mailbox.at(t, "primary");
    const far = await launch(t, { Suite: "tagged", Retention: "2", BackupCrossRegion: DR });
    const bad = await launch(t, { Suite: "tagged", Retention: "forever" });
    const group = { "aws:autoscaling:groupName": "shop" };
    const member = await launch(t, { Suite: "tagged", Backup: "daily", ...group }, { by: "autoscaling.amazonaws.com" });
    // Whoever writes the tags that one call cannot give to all snapshots of a set dies at the first of them.
    await t.goesWrong({ calls: { mode: "kill", action: "CreateTags", caller: "lockstep-*", times: 1 } });
    await done(`run --policy ${TAGGED} --wait --timeout 600`);

    const rules = new Map([
      [far.id, `age=2d copies=${DR} by=retain+copy`],
      [bad.id, "count=3"],
      [member.id, "count=3"],
    ]);
    for (const [id, rule] of rules) {
      const made = await snapshotsWith(t, PRIMARY, RESOURCE, id);
      const said = made.map(({ tags, state }) => [tags["lockstep:policy"], tags["lockstep:retain"], state]);
      expect(said, id).to.deep.equal(Array.from({ length: 2 }, () => [TAGGED, rule, "completed"]));
      const copies = await snapshotsWith(t, DR, RESOURCE, id);
      expect(copies.map(({ state }) => state)).to.deep.equal(id === far.id ? ["completed", "completed"] : []);
    }
    const bads = await mail.letters(/bad-tag/);
    expect(bads.map(({ subject }) => subject)).to.deep.equal([`[lockstep] bad-tag: ${bad.id} ${TAGGED} ${PRIMARY}`]);
    expect(bads[0]?.body).to.contain('Retention is "forever"');
    const [left, ...more] = await mail.letters(/members-left-out/);
    expect(left?.subject).to.contain(POLICY);
    expect(left?.body).to.contain("autoscaling 1");
    expect(more, "it is included where it is selected explicitly").to.deep.equal([]);

    await until("tags of volumes", 90_000, async () => {
      await t.tick("primary");
      const made = await snapshotsWith(t, PRIMARY, "lockstep:policy", TAGGED);
      return made.filter(({ tags }) => tags["Disk"] === undefined).map(({ id }) => `${id} has no tag Disk`);
    });
    expect(await t.request("GET", "faults"), "who was to die did").to.deep.include({ calls: [] });
    for (const { id, disks } of [far, bad, member]) {
      const made = await snapshotsWith(t, PRIMARY, RESOURCE, id);
      expect(made.map(({ tags }) => tags["Disk"]).toSorted()).to.deep.equal(disks);
      for (const { tags } of made) {
        const slot = tags["lockstep:scheduled"]?.replace(/\.\d+Z$/, "Z");
        expect(tags["Made"]).to.equal(`${id} ${TAGGED} ${PRIMARY} ${slot}`);
      }
    }
    const copies = await snapshotsWith(t, DR, RESOURCE, far.id);
    expect(copies.map(({ tags }) => tags["Disk"]).toSorted()).to.deep.equal(far.disks);
  });

  it("adopts what another system made, and deletes of it only what a person approves", async () => {
    const t = harness();
    const ec2 = t.client(EC2Client, PRIMARY);
    const place = { AvailabilityZone: `${PRIMARY}a`, Size: 1 };
    const { VolumeId = "" } = await ec2.send(new CreateVolumeCommand(place));
    const TagSpecifications = [{ ResourceType: "snapshot" as const, Tags: asTags(OTHERS) }];
    for (let i = 0; i < 5; i++) await ec2.send(new CreateSnapshotCommand({ VolumeId, TagSpecifications }));
    const others = () => snapshotsWith(t, PRIMARY, "Type", "Automated");
    await until("snapshots of the other system", 30_000, async () =>
      (await others()).flatMap(({ id, state }) => (state === "completed" ? [] : [`${id} is ${state}`])),
    );
    const from = `adopt --policy ${POLICY} --from ebs-snapshots-lambda`;
    expect(await done(from)).to.deep.include({ written: 0 });
    const before = await others();
    expect(before.map(({ tags }) => tags)).to.deep.equal(Array.from({ length: 5 }, () => OTHERS));
    expect(await done(`${from} --yes`)).to.deep.include({ written: 5 });

    // Nothing is in flight, so the controllers look when a quarter of an hour has passed.
    await t.admin.moveClock((await t.admin.now()) + 16 * 60_000);
    const tick = async () => {
      await t.tick("primary");
      await t.tick("dr");
    };
    const newest = before.at(-1)?.id ?? "";
    await until("the newest one's copy", 90_000, async () => {
      await tick();
      const copies = await snapshotsWith(t, DR, RESOURCE, VolumeId);
      return copies.some(({ tags, state }) => tags["lockstep:source"] === newest && state === "completed")
        ? []
        : copies.map(({ tags, state }) => `${tags["lockstep:source"]} is ${state}`).concat("no completed copy");
    });
    let run = "";
    await until("a run that holds deletes back", 90_000, async () => {
      await tick();
      const id = (await t.runs("primary")).findLast((one) => one["held"] === 3)?.["sk"];
      run = typeof id === "string" ? id : "";
      return run === "" ? ["no run has held 3 points back"] : [];
    });
    expect(await others(), "nothing is deleted yet").to.have.length(5);
    expect(await t.command(`approve ${run}`)).to.include({ ending: "refused" });
    await done(`approve ${run} --yes`);
    await until("what was approved", 90_000, async () => {
      await tick();
      const left = (await others()).length;
      return left === 2 ? [] : [`${left} snapshots are there`];
    });
    expect((await others()).map(({ id }) => id)).to.deep.equal(before.slice(-2).map(({ id }) => id));
    expect((await mail.letters(/^\[lockstep\] approval-needed/)).length, "it was told once").to.equal(1);
    await until("the end of the alert", 60_000, async () => {
      await tick();
      const resolved = await mail.letters(/resolved: approval-needed/);
      return resolved.length === 1 ? [] : [`${resolved.length} letters`];
    });
  });

  it("tells of a KMS key that is disabled, once, and makes up for it when it is enabled again", async () => {
    const t = harness();
    const kms = t.client(KMSClient, PRIMARY);
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const KeyId = KeyMetadata?.Arn ?? "";
    const { id } = await launch(t, { Suite: "tagged", BackupCrossRegion: DR }, { kmsKey: KeyId });
    const letters = async () => (await mail.letters(/point-failed/)).filter(({ subject }) => subject.includes(id));
    await kms.send(new DisableKeyCommand({ KeyId }));
    await done(`run --policy ${TAGGED} --resource ${id}`);
    await until("word of the key", 90_000, async () => {
      await t.tick("primary");
      return (await letters()).length > 0 ? [] : ["nobody was told"];
    });
    await kms.send(new EnableKeyCommand({ KeyId }));
    // The pauses between tries grow.
    await t.admin.moveClock((await t.admin.now()) + 16 * 60_000);
    await until("a copy of what was made up for", 120_000, async () => {
      for (const role of ["primary", "dr"] as const) await t.tick(role);
      const copies = await snapshotsWith(t, DR, RESOURCE, id);
      return copies.filter(({ state }) => state === "completed").length >= 2 ? [] : ["no whole copy"];
    });
    await until("the end of the alert", 60_000, async () => {
      await t.tick("primary");
      return (await letters()).length >= 2 ? [] : ["it is open"];
    });
    const [told, resolved, ...more] = await letters();
    expect(told?.body).to.contain("Given key ID is not accessible").and.to.contain("A KMS key may not be used");
    expect(resolved?.subject).to.contain("resolved: point-failed");
    expect(more).to.deep.equal([]);
  });
}
