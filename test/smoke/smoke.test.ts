import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EventBridgeClient, ListRulesCommand } from "@aws-sdk/client-eventbridge";
import { ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import * as v from "valibot";
import type { CallCount } from "../../demo/admin.js";
import { ACTIONS } from "../../sandbox/ec2/actions.js";
import { askAll } from "../../smoke/ask.js";
import { type Difference, differences, differenceText } from "../../smoke/compare.js";
import { type Probe, Recording } from "../../smoke/model.js";
import { Placeholders } from "../../smoke/normalise.js";
import { PROBES } from "../../smoke/probes/index.js";
import { Removal } from "../../smoke/removal.js";
import { tagged } from "../../smoke/sweep.js";
import { behaviourTable } from "../../smoke/table.js";
import { AWAY, eventually, HOME, type SandboxUnderTest, withSandbox } from "../support/sandbox.js";

const page = () => readFile(resolve(__dirname, "..", "..", "docs", "sandbox.md"), "utf8");
const RECORDINGS = resolve(__dirname, "..", "recordings");

interface Asked {
  readonly probes?: readonly Probe[];
  readonly run: string;
  readonly home?: string;
  readonly away?: string;
  readonly signal?: AbortSignal;
  readonly say?: (line: string) => void;
}

/** Asks a sandbox and takes away what was made; says what could not be. */
async function ask(s: SandboxUnderTest, { run, home = HOME, away = AWAY, probes = PROBES, ...more }: Asked) {
  const removal = new Removal();
  const { signal = new AbortController().signal, say = () => undefined } = more;
  const regions = { home, away };
  const options = { run, regions, variables: s.env, removal, signal, patienceMs: 20_000, now: Date.now, sleep };
  const [asked] = await Promise.allSettled([askAll(probes, "sandbox", options, say)]);
  const left = await removal.all(() => undefined, sleep);
  return { asked, left };
}

async function recorded(s: SandboxUnderTest, asked: Asked): Promise<Recording> {
  const { asked: ended, left } = await ask(s, asked);
  expect(left).to.deep.equal([]);
  if (ended.status === "rejected") throw ended.reason;
  return ended.value;
}

/** Everything that a run may leave in a region. */
async function there(s: SandboxUnderTest, region: string): Promise<string[]> {
  const { Rules } = await s.client(EventBridgeClient, region).send(new ListRulesCommand({}));
  const { QueueUrls } = await s.client(SQSClient, region).send(new ListQueuesCommand({}));
  const { Schedules } = await s.client(SchedulerClient, region).send(new ListSchedulesCommand({}));
  const names = [...(Rules ?? []), ...(Schedules ?? [])].map(({ Name }) => Name ?? "");
  return [...names, ...(QueueUrls ?? []), ...(await tagged(region, s.env)).map(({ what }) => what)];
}

/** A pending snapshot that is deleted is listed until it has ended. */
const nothingThere = (s: SandboxUnderTest, region: string) =>
  eventually(
    () => there(s, region),
    (found) => found.length === 0,
    { what: `an empty ${region}` },
  );

const text = (found: readonly Difference[]) => found.map(differenceText).join("\n");

describe("smoke probes", function () {
  this.timeout(300_000);
  const first = withSandbox();
  const second = withSandbox();
  let recording: Recording;
  let asked: string[];
  before(async () => {
    recording = await recorded(first, { run: "run1" });
    const calls = (await first.admin("GET", "calls")) as CallCount[];
    asked = calls.filter(({ service }) => service === "ec2").map(({ action }) => action);
  });

  it("are told in docs/sandbox.md from the actions that none of them asks for", async () => {
    const rest = Object.keys(ACTIONS).filter((action) => !asked.includes(action));
    const listed = /^No probe asks for these actions yet:([^.]*)\./m.exec(await page())?.[1] ?? "";
    expect([...listed.matchAll(/`(\w+)`/g)].map(([, action]) => action)).to.deep.equal(rest.toSorted());
  });

  it("get an answer each, and leave nothing", async () => {
    expect(Object.keys(recording.answers)).to.deep.equal(PROBES.map(({ name }) => name));
    const lacking = PROBES.filter((probe) => probe.lacking !== undefined).map(({ name }) => name);
    const silent = Object.entries(recording.answers).filter(([, { kind }]) => kind === "not asked");
    expect(silent.map(([name]) => name).filter((name) => !lacking.includes(name))).to.deep.equal([]);
    for (const region of [HOME, AWAY]) await nothingThere(first, region);
  });

  it("record nothing of an account: no ids, times, numbers, addresses, regions or tokens", () => {
    const { regions, date, ...rest } = recording;
    expect([regions, date]).to.deep.equal([{ home: HOME, away: AWAY }, new Date().toISOString().slice(0, 10)]);
    const all = JSON.stringify(rest);
    for (const secret of [
      /\b(snap|vol|i|ami)-[0-9a-f]{8,}/,
      /\d{4}-\d\d-\d\dT/,
      /\b\d{12}\b/,
      /\b\d+\.\d+\.\d+\.\d+\b/,
      new RegExp(`${HOME}|${AWAY}|run1`),
      /[A-Za-z0-9+/=_-]{60,}/,
    ])
      expect(all).not.to.match(secret);
    expect(v.parse(Recording, JSON.parse(JSON.stringify(recording)))).to.deep.equal(recording);
  });

  it("get the same answers from another sandbox, in other regions", async () => {
    const replayed = await recorded(second, { run: "other", home: "ap-south-1", away: "ca-central-1" });
    expect(text(differences(recording, replayed, PROBES))).to.equal("");
  });

  it("find what the sandbox does otherwise, by name", async () => {
    const upTo = PROBES.slice(0, 1 + PROBES.findIndex(({ name }) => name === "filter-by-tag"));
    const answers = Object.fromEntries(upTo.map(({ name }) => [name, recording.answers[name]]));
    const part = v.parse(Recording, { ...recording, answers });
    // The first must still be in progress when the second is asked for, however slow the machine is.
    await second.admin("POST", "settings", { ec2: { volumeSnapshots: 1, snapshotMillis: 10_000 } });
    const replayed = await recorded(second, { run: "otherwise", probes: upTo });
    const found = differences(part, replayed, PROBES);
    expect(found[0]?.probe).to.equal("create-snapshot-without-tags");
    expect(found[0]?.replayed).to.include({ kind: "error", code: "ConcurrentSnapshotLimitExceeded" });
    expect([...new Set(found.map(({ probe }) => probe))]).to.include("refused-tags-made-nothing");
  });

  it("find a planted change of each kind", () => {
    const planted = structuredClone(recording);
    planted.answers["create-snapshot"] = { kind: "error", code: "Nope", status: 400, message: "no" };
    planted.answers["delete-snapshot-twice"] = {
      kind: "error",
      code: "InvalidSnapshot.Gone",
      status: 400,
      message: "gone",
    };
    planted.answers["gone-probe"] = { kind: "answer", answer: 1 };
    const described = planted.answers["snapshot-completed"];
    if (described?.kind !== "answer") throw new Error("there is no answer to change");
    Object.assign(described.answer as object, { State: "done", More: [1] });
    const found = differences(planted, recording, PROBES);
    expect(found.map(({ probe, path }) => `${probe}: ${path}`)).to.have.members([
      "create-snapshot: ",
      "delete-snapshot-twice: code",
      "delete-snapshot-twice: message",
      "gone-probe: ",
      "snapshot-completed: State",
      "snapshot-completed: More",
    ]);
    expect(text(found)).to.contain('snapshot-completed: State: recorded "done", now "completed"');
  });

  it("stop when they are interrupted, and what was made goes all the same", async () => {
    const stop = new AbortController();
    const say = (line: string) => {
      if (line.endsWith("more-snapshots")) stop.abort(new Error("interrupted by SIGINT"));
    };
    const { asked, left } = await ask(first, { run: "stopped", signal: stop.signal, say });
    expect(asked).to.deep.include({ status: "rejected" });
    expect(left).to.deep.equal([]);
    for (const region of [HOME, AWAY]) await nothingThere(first, region);
  });

  it("replay every recording that is kept", async () => {
    for (const file of (await readdir(RECORDINGS)).filter((name) => name.endsWith(".json"))) {
      const kept = v.parse(Recording, JSON.parse(await readFile(join(RECORDINGS, file), "utf8")));
      const { home, away } = kept.regions;
      const replayed = await recorded(first, { run: file.replace(/\W/g, ""), home, away });
      expect(text(differences(kept, replayed, PROBES)), file).to.equal("");
    }
  });

  it("are told apart by name, and each says what it is about", () => {
    expect(new Set(PROBES.map(({ name }) => name)).size).to.equal(PROBES.length);
    for (const { name, behaviour, source } of PROBES) {
      expect(name).to.match(/^[a-z]+(-[a-z]+)*$/);
      expect(behaviour.length, name).to.be.greaterThan(15);
      expect(source, name).to.match(/reference, [A-Z]|guide, "/);
    }
  });
});

describe("placeholders", () => {
  const of = (text: unknown) => new Placeholders("run1", { home: "eu-west-1", away: "eu-west-2" }).of(text);

  it("keep identity, and the order of texts but not of objects", () => {
    const [a, b] = ["snap-0123456789abcdef0", "snap-0123456789abcdef1"];
    expect(of([a, b, `${a} in eu-west-2b`])).to.deep.equal(["<snap 1>", "<snap 2>", "<snap 1> in <away>b"]);
    expect(of([{ Key: "b" }, { Key: "a" }])).to.deep.equal([{ Key: "a" }, { Key: "b" }]);
    expect(of(["b", "a"])).to.deep.equal(["b", "a"]);
  });

  it("hide accounts, keys, addresses, times, and what AWS says in code", () => {
    const said = of("111122223333 AKIAIOSFODNN7EXAMPLE 10.0.0.1 2026-01-01T00:00:00.000Z euw1-az3 lockstep-run1");
    expect(said).to.equal("<account> <access key> <address> <time> <zone id> lockstep-<run>");
    expect(of("Encoded authorization failure message: abcDEF123")).to.equal(
      "Encoded authorization failure message: <encoded>",
    );
    expect(of({ at: new Date(0), $metadata: { requestId: "x" }, none: undefined })).to.deep.equal({ at: "<time>" });
  });
});

describe("removal", () => {
  it("goes on after a failure, takes the last first, and says what stayed and why", async () => {
    const removal = new Removal();
    const gone: string[] = [];
    let pauses = 0;
    const add = (what: string, remove: () => void) => removal.add({ what, region: HOME, remove: async () => remove() });
    add("volume a", () => gone.push("a"));
    add("volume b", () => {
      throw new Error("VolumeInUse: busy");
    });
    add("volume c", () => {
      throw Object.assign(new Error("it is not there"), { name: "InvalidVolume.NotFound" });
    });
    let tries = 0;
    add("volume d", () => {
      tries += 1;
      if (tries < 3) throw new Error("later");
      gone.push("d");
    });
    const left = await removal.all(
      () => undefined,
      async () => {
        pauses += 1;
      },
    );
    expect(left).to.deep.equal([`volume b in ${HOME}: VolumeInUse: busy`]);
    expect(gone).to.deep.equal(["d", "a"]);
    expect(pauses).to.be.greaterThan(2);
  });
});

describe("docs/sandbox.md", () => {
  it("lists every behaviour with AWS's source and its proof", async () => {
    const files = (await readdir(RECORDINGS)).filter((name) => name.endsWith(".json"));
    const kept = await Promise.all(
      files.map(async (name) => JSON.parse(await readFile(join(RECORDINGS, name), "utf8"))),
    );
    const listed = (await page()).split(/\n\n/).find((part) => part.startsWith("| probe |"));
    expect(listed).to.equal(
      behaviourTable(
        PROBES,
        kept.map((one) => v.parse(Recording, one)),
      ),
    );
  });
});
