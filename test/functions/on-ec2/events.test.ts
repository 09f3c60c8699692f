import { expect } from "chai";
import fc from "fast-check";
import type { ServiceEvent } from "../../../sandbox/plane.js";
import { runs } from "../../support/chance.js";
import { batchOf, EAST, MINUTE, SECOND, TwoRegions, WEST } from "./two-regions.js";

const INSTANCES = 3;
/** Each with two volumes. */
const SNAPSHOTS = 2 * INSTANCES;

type Fate = "comes" | "lost" | "doubled" | "late";

/** What happens while a cycle goes on: in each step of some seconds. */
interface Step {
  readonly seconds: number;
  readonly fates: readonly Fate[];
  /** Executions that begin at the same time as others. */
  readonly overlapping: number;
  readonly tick: boolean;
}

const steps = fc.array(
  fc.record<Step>({
    seconds: fc.integer({ min: 1, max: 25 }),
    fates: fc.array(fc.constantFrom<Fate>("comes", "lost", "doubled", "late"), { minLength: 1, maxLength: 5 }),
    overlapping: fc.nat({ max: 3 }),
    tick: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);

/** Nothing but ticks can make up for it. */
const ALL_LOST: Step = { seconds: 5, fates: ["lost"], overlapping: 0, tick: false };

/** Runs a cycle through the steps and then by ticks alone, until both controllers are at rest. */
async function live(two: TwoRegions, through: readonly Step[]): Promise<void> {
  await two.nextHour();
  let late: readonly ServiceEvent[] = [];
  for (const { seconds, fates, overlapping, tick } of through) {
    two.ec2.advance(seconds * SECOND);
    const fated = two.news().map((event, i) => ({ event, fate: fates[i % fates.length] ?? "comes" }));
    const now = fated.flatMap(({ event, fate }) =>
      fate === "doubled" ? [event, event] : fate === "comes" ? [event] : [],
    );
    for (const controller of two.both) {
      for (let n = 0; n < overlapping; n++) controller.asked.push(`overlapping-${two.ec2.now()}-${n}`);
    }
    await two.deliver([...late, ...now]);
    if (tick) await two.tick();
    late = fated.filter(({ fate }) => fate === "late").map(({ event }) => event);
  }
  await two.deliver(late);
  // What is still lost is found by ticks: the slowest is the idle look of each region, one after the other.
  for (let minute = 0; minute < 40; minute++) {
    two.ec2.advance(MINUTE);
    await two.tick();
  }
}

describe("events of snapshots, on EC2", function () {
  this.timeout(300_000);
  let two: TwoRegions;
  beforeEach(async () => {
    two = await TwoRegions.start(INSTANCES);
  });
  afterEach(() => two.stop());

  const state = async (hours: number): Promise<Record<string, string[]>> => {
    const slot = new Date(Math.floor(two.ec2.now() / (60 * MINUTE)) * 60 * MINUTE).toISOString();
    const held = await two.inventory();
    for (const region of [EAST, WEST]) {
      expect(held[region], `${region} in hour ${hours}`).to.have.length(SNAPSHOTS);
      expect(new Set(held[region]).size, "nothing twice").to.equal(SNAPSHOTS);
      for (const one of held[region] ?? []) expect(one).to.contain(`${slot} completed`);
    }
    return held;
  };

  it("lost, doubled, late, and with runs that overlap: all ends in the same state", async () => {
    let hour = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (through) => {
        await live(two, through);
        hour += 1;
        await state(hour);
        for (const { ledger, lease } of two.both) {
          expect((await ledger.state()).inFlight).to.deep.equal({ ebs: 0 });
          expect(await lease.read(two.ec2.now())).to.include({ held: false, marks: 0 });
        }
      }),
      { numRuns: runs(12), examples: [[[ALL_LOST]], [[ALL_LOST, ALL_LOST]]] },
    );
  });

  it("cost one look in each region, however many there are", async () => {
    await two.nextHour();
    two.ec2.advance(20 * SECOND);
    const events = two.news();
    expect(events).to.have.length(INSTANCES);
    const many = Array.from({ length: 300 }, () => events).flat();
    for (const { trigger, asked } of two.both) {
      await trigger(batchOf(many));
      expect(asked).to.have.length(1);
    }
  });
});

describe("more copies than slots, on EC2", function () {
  this.timeout(300_000);
  const instances = 22;
  let two: TwoRegions;
  beforeEach(async () => {
    two = await TwoRegions.start(instances);
  });
  afterEach(() => two.stop());

  it("are handed out as slots become free, each list read once by each look", async () => {
    await two.nextHour();
    const looks: string[] = [];
    const { asked } = two.ec2;
    while (looks.at(-1) !== "nothing") {
      two.ec2.advance(20 * SECOND);
      const events = two.news();
      asked.length = 0;
      if (events.length > 0) await two.dr.trigger(batchOf(events));
      await two.dr.runAll();
      const copies = asked.filter((call) => call === `${WEST} CopySnapshot`).length;
      const home = asked.filter((call) => call.startsWith(EAST)).length;
      looks.push(
        events.length === 0 ? "nothing" : `${copies} copies, ${asked.length - copies} calls, ${home} to ${EAST}`,
      );
    }
    expect(looks).to.deep.equal([
      "18 copies, 10 calls, 6 to us-east-1",
      "18 copies, 10 calls, 6 to us-east-1",
      "8 copies, 10 calls, 6 to us-east-1",
      "0 copies, 10 calls, 6 to us-east-1",
      "nothing",
    ]);
    const held = await two.inventory();
    expect(held[WEST]).to.deep.equal(held[EAST]);
  });
});
