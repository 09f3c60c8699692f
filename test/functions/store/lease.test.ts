import { expect } from "chai";
import fc from "fast-check";
import { LEASE_MS, makeLease } from "../../../functions/store/lease.js";
import type { Table } from "../../../functions/store/table.js";
import { runs } from "../../support/chance.js";
import { failure, MemoryTable } from "../fakes.js";

describe("lease", () => {
  const fresh = () => makeLease(new MemoryTable());

  it("is held by one, and again by the same one", async () => {
    const lease = fresh();
    expect(await lease.acquire("a", 0)).to.equal(true);
    expect(await lease.acquire("b", 1)).to.equal(false);
    expect(await lease.acquire("a", 2)).to.equal(true);
  });

  it("goes over to another only after its time", async () => {
    const lease = fresh();
    await lease.acquire("a", 0);
    expect(await lease.acquire("b", LEASE_MS)).to.equal(false);
    expect(await lease.acquire("b", LEASE_MS + 1)).to.equal(true);
    expect((await failure(lease.extend("a", LEASE_MS + 2))).name).to.equal("LeaseLost");
    expect(await lease.release("a", LEASE_MS + 2)).to.equal("released");
    expect(await lease.read(LEASE_MS + 3)).to.deep.equal({ held: true, dead: false, marks: 0 });
  });

  it("is kept when a mark came, and given back when that was seen", async () => {
    const lease = fresh();
    await lease.acquire("a", 0);
    expect(await lease.mark(1)).to.deep.equal({ held: true, dead: false, marks: 1 });
    expect(await lease.release("a", 2)).to.equal("again");
    await lease.acquire("a", 3);
    expect(await lease.release("a", 4)).to.equal("released");
    expect(await lease.mark(5)).to.deep.equal({ held: false, dead: false, marks: 1 });
  });

  it("tells a holder that died from a free lease", async () => {
    const lease = fresh();
    await lease.acquire("a", 0);
    expect(await lease.read(LEASE_MS + 1)).to.deep.equal({ held: false, dead: true, marks: 0 });
  });

  it("of a failed holder is free at once, with its marks", async () => {
    const lease = fresh();
    await lease.acquire("a", 0);
    await lease.mark(1);
    await lease.abandon("b");
    expect((await lease.read(2)).held).to.equal(true);
    await lease.abandon("a");
    expect(await lease.read(2)).to.deep.equal({ held: false, dead: false, marks: 1 });
  });

  it("in any interleaving has one holder and loses no mark", async () => {
    const world = fc.record({
      marks: fc.integer({ min: 1, max: 5 }),
      crashes: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      jumps: fc.array(fc.integer({ min: 1, max: 2 * LEASE_MS }), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.scheduler({ act: flushed }), world, async (scheduler, { marks, crashes, jumps }) => {
        const estate = new Estate(scheduled(new MemoryTable(), scheduler), crashes);
        const running = [
          ...Array.from({ length: marks }, () => estate.trigger()),
          ...jumps.map(async (ms) => {
            await scheduler.schedule(Promise.resolve(), "clock");
            estate.now += ms;
          }),
        ];
        await scheduler.waitFor(Promise.all(running));
        // Whatever died, the ticks after its time find it; one that dies itself is found by the next.
        for (let tick = 0; tick <= crashes.length; tick++) {
          estate.now += LEASE_MS + 1;
          await scheduler.waitFor(estate.tick());
        }
        expect(estate.unseen()).to.deep.equal([]);
      }),
      { numRuns: runs(300) },
    );
  });
});

/** What follows from one step is done before the next, so that numbers given after a step are in the order of the steps. */
async function flushed(step: () => Promise<void>): Promise<void> {
  await step();
  await new Promise(setImmediate);
}

/** Each call to the table waits for its turn, in every order that the scheduler tries. */
function scheduled(table: Table, scheduler: fc.Scheduler): Table {
  const turn = () => scheduler.schedule(Promise.resolve());
  return {
    get: (key) => turn().then(() => table.get(key)),
    list: (pk) => turn().then(() => table.list(pk)),
    put: (...args) => turn().then(() => table.put(...args)),
    update: (...args) => turn().then(() => table.update(...args)),
    delete: (...args) => turn().then(() => table.delete(...args)),
  };
}

/** Triggers and executions as the functions behave, some of which die in the middle. */
class Estate {
  now = 0;
  #order = 0;
  #executions = 0;
  readonly #marks: number[] = [];
  /** When the looks that were finished began. */
  readonly #looks: number[] = [];
  readonly #grants = new Map<string, number>();
  readonly #lease;
  readonly #crashes: boolean[];

  constructor(table: Table, crashes: readonly boolean[]) {
    this.#lease = makeLease(table);
    this.#crashes = [...crashes];
  }

  async trigger(): Promise<void> {
    const { held } = await this.#lease.mark(this.now);
    this.#marks.push(++this.#order);
    if (!held) await this.#execute();
  }

  async tick(): Promise<void> {
    const { held, dead, marks } = await this.#lease.read(this.now);
    if (!held && (dead || marks > 0)) await this.#execute();
  }

  /** Marks that no finished look began after. */
  unseen(): number[] {
    return this.#marks.filter((mark) => !this.#looks.some((look) => look > mark));
  }

  #granted(holder: string, since: number) {
    for (const [other, until] of this.#grants) {
      if (other !== holder && until >= this.now) throw new Error(`${holder} and ${other} hold the lease`);
    }
    this.#grants.set(holder, since + LEASE_MS);
  }

  async #execute(): Promise<void> {
    const holder = `execution-${++this.#executions}`;
    const crash = this.#crashes.pop() ?? false;
    for (;;) {
      const since = this.now;
      if (!(await this.#lease.acquire(holder, since))) return;
      this.#granted(holder, since);
      const look = ++this.#order;
      const later = this.now;
      try {
        await this.#lease.extend(holder, later);
      } catch {
        return;
      }
      this.#granted(holder, later);
      if (crash) return;
      const end = await this.#lease.release(holder, this.now);
      this.#looks.push(look);
      if (end === "released") {
        this.#grants.delete(holder);
        return;
      }
    }
  }
}
