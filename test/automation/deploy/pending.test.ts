import { expect } from "chai";
import { CommandProblem } from "../../../automation/cli/outcome.js";
import type { Checkpoint, StateResource } from "../../../automation/deploy/pending.js";
import { idOf } from "../../../automation/deploy/physical.js";
import { type Decisions, type Found, type Recoverable, recovering } from "../../../automation/deploy/recovery.js";

const urn = (type: string, name: string) => `urn:pulumi:primary::lockstep::${type}::${name}`;
const state = (type: string, name: string, more: Partial<StateResource> = {}): StateResource => ({
  urn: urn(type, name),
  type,
  custom: true,
  inputs: { name },
  ...more,
});
const LOGS = "aws:cloudwatch/logGroup:LogGroup";
const INSTANCE = "aws:ec2/instance:Instance";
const KEY = "aws:kms/key:Key";

/** A stack whose cloud holds what is named, by id. */
class World implements Recoverable {
  readonly name = "primary";
  readonly region = "us-east-1";
  readonly writes: Checkpoint[] = [];
  readonly refreshed: string[][] = [];
  readonly cloud: Set<string>;
  found: Found;
  checkpoint: Checkpoint;

  constructor(operations: readonly [string, StateResource][], resources: readonly StateResource[], ...cloud: string[]) {
    const pending = operations.map(([type, resource]) => ({ type, resource }));
    this.checkpoint = { version: 3, deployment: { resources: [...resources], pending_operations: pending } };
    this.cloud = new Set(cloud);
  }

  get resources(): readonly StateResource[] {
    return this.checkpoint.deployment?.resources ?? [];
  }
  async read() {
    return this.checkpoint;
  }
  async write(checkpoint: Checkpoint) {
    this.writes.push(checkpoint);
    this.checkpoint = checkpoint;
  }
  async refresh(urns: readonly string[]) {
    this.refreshed.push([...urns]);
    const there = this.resources.filter((r) => !urns.includes(r.urn) || this.cloud.has(r.id ?? ""));
    this.checkpoint = { version: 3, deployment: { resources: there, pending_operations: [] } };
  }
  async find({ type, inputs }: StateResource): Promise<Found> {
    const id = idOf(type, inputs, { partition: "aws", account: "1", region: this.region });
    return id === undefined ? this.found : { id };
  }
}

const recover = (world: World, decisions: Decisions = new Map()) =>
  recovering(world, { decisions, say: () => undefined }, async () => "changed");

const refusal = async (work: Promise<unknown>): Promise<CommandProblem> => {
  const error: unknown = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (error instanceof CommandProblem) return error;
  throw new Error(`not refused: ${String(error)}`);
};

describe("the state that a killed engine leaves", () => {
  it("is not touched when nothing is open", async () => {
    const world = new World([], [state(LOGS, "a", { id: "a" })], "a");
    expect(await recover(world)).to.equal("changed");
    expect(world.writes).to.deep.equal([]);
    expect(world.refreshed).to.deep.equal([]);
  });

  it("gets what had been made, and forgets what had not", async () => {
    const world = new World(
      [
        ["creating", state(LOGS, "a")],
        ["creating", state(LOGS, "b")],
      ],
      [],
      "a",
    );
    await recover(world);
    expect(world.resources.map((r) => r.id)).to.deep.equal(["a"]);
    expect(world.resources[0]).to.deep.include({ outputs: { name: "a" } });
    expect(world.checkpoint.deployment?.pending_operations).to.deep.equal([]);
  });

  it("looks again at what was being changed or removed", async () => {
    const [a, b] = [state(LOGS, "a", { id: "a" }), state(LOGS, "b", { id: "b" })];
    const world = new World(
      [
        ["updating", a],
        ["deleting", b],
      ],
      [a, b],
      "a",
    );
    await recover(world);
    expect(world.refreshed).to.deep.equal([[a.urn, b.urn]]);
    expect(world.resources).to.deep.equal([a]);
  });

  it("does not look for components and providers", async () => {
    const component = state("lockstep:ledger:Ledger", "ledger", { custom: false });
    const world = new World(
      [
        ["creating", component],
        ["creating", state("pulumi:providers:aws", "aws")],
      ],
      [],
    );
    await recover(world);
    expect(world.writes).to.have.length(1);
    expect(world.refreshed).to.deep.equal([]);
    expect(world.resources).to.deep.equal([]);
  });

  it("puts a replacement in the place of its predecessor", async () => {
    const gone = state(LOGS, "a", { id: "a", pendingReplacement: true });
    const older = state(INSTANCE, "i", { id: "i-1" });
    const world = new World(
      [
        ["creating", state(LOGS, "a")],
        ["creating", state(INSTANCE, "i")],
      ],
      [gone, older],
      "a",
      "i-2",
    );
    world.found = { alike: ["i-1", "i-2"] };
    await recover(world);
    const written = world.writes[0]?.deployment?.resources ?? [];
    expect(written.map((r) => [r.id, r.delete === true])).to.deep.equal([
      ["i-1", true],
      ["a", false],
      ["i-2", false],
    ]);
  });

  it("is not guessed at: what to look for and what to type is said, and nothing is changed", async () => {
    const world = new World([["creating", state(KEY, "key")]], []);
    const nobodyKnows = await refusal(recover(world));
    expect(nobodyKnows.ending).to.equal("refused");
    expect(nobodyKnows.message)
      .to.contain(`--adopt '${urn(KEY, "key")}=<id>'`)
      .and.to.contain(`--forget '${urn(KEY, "key")}'`)
      .and.to.contain("us-east-1");
    world.found = { alike: ["k-1", "k-2"] };
    expect((await refusal(recover(world))).message).to.contain("k-1 or k-2");
    expect(world.writes).to.deep.equal([]);
  });

  it("follows what a person says", async () => {
    const open: [string, StateResource][] = [["creating", state(KEY, "key")]];
    const adopting = new World(open, [], "k-7");
    await recover(adopting, new Map([[urn(KEY, "key"), { id: "k-7" }]]));
    expect(adopting.resources.map((r) => r.id)).to.deep.equal(["k-7"]);
    const forgetting = new World(open, [], "k-7");
    await recover(forgetting, new Map([[urn(KEY, "key"), "forget"]]));
    expect(forgetting.resources).to.deep.equal([]);
    const mistaken = await refusal(recover(new World([], []), new Map([[urn(KEY, "other"), "forget"]])));
    expect(mistaken).to.include({ ending: "usage" });
    expect(mistaken.message).to.contain("other");
  });

  it("is looked at once more when what was not there turns up", async () => {
    const world = new World([["creating", state(LOGS, "a")]], []);
    let changes = 0;
    const result = await recovering(world, { say: () => undefined }, async () => {
      changes += 1;
      if (changes > 1) return world.resources.map((r) => r.id);
      // The provider that outlived its engine ends its work only now.
      world.cloud.add("a");
      throw new Error("ResourceAlreadyExistsException: The specified log group already exists");
    });
    expect(result).to.deep.equal(["a"]);
  });

  it("does not hide other failures, nor names that somebody else has taken", async () => {
    const failing = async (world: World, message: string) => {
      let changes = 0;
      const error: unknown = await recovering(world, { say: () => undefined }, async () => {
        changes += 1;
        throw new Error(message);
      }).catch((e: unknown) => e);
      expect(error).to.have.property("message", message);
      return changes;
    };
    expect(await failing(new World([["creating", state(LOGS, "a")]], []), "AccessDenied")).to.equal(1);
    expect(await failing(new World([], []), "it already exists")).to.equal(1);
  });
});

describe("ids that follow from what a resource is made of", () => {
  const site = { partition: "aws-cn", account: "123456789012", region: "cn-north-1" };

  it("are those of the official provider", () => {
    const ids = [
      ["aws:sns/topic:Topic", { name: "t" }, "arn:aws-cn:sns:cn-north-1:123456789012:t"],
      ["aws:cloudwatch/eventRule:EventRule", { name: "r" }, "r"],
      ["aws:cloudwatch/eventRule:EventRule", { name: "r", eventBusName: "bus" }, "bus/r"],
      ["aws:cloudwatch/eventTarget:EventTarget", { rule: "r", targetId: "x", eventBusName: "bus" }, "bus-r-x"],
      ["aws:scheduler/schedule:Schedule", { name: "s", groupName: "default" }, "default/s"],
      ["aws:iam/rolePolicy:RolePolicy", { role: "r", name: "p" }, "r:p"],
    ] as const;
    for (const [type, inputs, id] of ids) expect(idOf(type, inputs, site), type).to.equal(id);
  });

  it("are not made of what is not known", () => {
    expect(idOf("aws:lambda/function:Function", {}, site)).to.equal(undefined);
    expect(idOf("aws:kms/key:Key", { description: "d" }, site)).to.equal(undefined);
  });
});
