import type { Settings } from "../../core/model/model.js";
import type { Verdict, Violation } from "./promises/verdict.js";
import { DAY, endOf, type MachineSpec, type Scenario, type StackSpec, type Trouble } from "./scenario.js";
import type { Story } from "./story.js";

/** Runs a scenario to its end, or until a promise is broken. */
export type Simulate = (scenario: Scenario, tell?: (story: Story) => void) => Verdict | Promise<Verdict>;

/** The smallest scenario found that still breaks the same promise. */
export interface Minimal {
  readonly scenario: Scenario;
  readonly violation: Violation;
  /** How many smaller ones were tried. */
  readonly tried: number;
}

/** Tries after which what was found is small enough. */
const TRIES = 400;

/**
 * Makes a failing scenario smaller for as long as it still breaks the same promise: fewer troubles, resources, regions and days.
 * Chance goes by what is asked about, so what is left out changes nothing else.
 */
export async function shrink(scenario: Scenario, first: Violation, simulate: Simulate, most = TRIES): Promise<Minimal> {
  let best = { scenario: until(scenario, first.at), violation: first };
  let tried = 0;
  const fails = async (smaller: Scenario): Promise<boolean> => {
    if (tried >= most || smaller.machines.length === 0 || smaller.stacks.length === 0) return false;
    tried += 1;
    const { violations } = await simulate(smaller);
    const violation = violations.find(({ promise }) => promise === first.promise);
    if (violation !== undefined) best = { scenario: until(smaller, violation.at), violation };
    return violation !== undefined;
  };
  for (let progress = true; progress && tried < most; ) {
    progress = await withoutTroubles(() => best.scenario, fails);
    for (const ways of [
      withoutHome,
      withoutCopies,
      withoutPolicy,
      withoutMachine,
      withoutVolumes,
      withoutDays,
      shorter,
    ]) {
      // Each way that works is tried again on what it left.
      for (let again = true; again; ) {
        again = false;
        for (const smaller of ways(best.scenario)) {
          if (!(await fails(smaller))) continue;
          again = progress = true;
          break;
        }
      }
    }
  }
  return { ...best, tried };
}

const until = (scenario: Scenario, end: number): Scenario => ({
  ...scenario,
  end,
  troubles: scenario.troubles.filter(({ at }) => at <= end),
});

/** Leaves out half of the troubles, then quarters, down to single ones. */
async function withoutTroubles(best: () => Scenario, fails: (smaller: Scenario) => Promise<boolean>): Promise<boolean> {
  const before = best().troubles.length;
  for (let size = Math.ceil(before / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best().troubles.length; ) {
      const { troubles } = best();
      const fewer = troubles.filter((_, i) => i < from || i >= from + size);
      if (!(await fails({ ...best(), troubles: fewer }))) from += size;
    }
  }
  return best().troubles.length < before;
}

const withPolicies = (
  { settings, ...spec }: StackSpec,
  policies: Settings["policies"],
  peers = settings.peers,
): StackSpec => ({ ...spec, settings: { ...settings, policies, peers } });

/** One primary less, with its machines, and the regions that only it copied to. */
function* withoutHome(scenario: Scenario): Generator<Scenario> {
  for (const { settings } of scenario.stacks.filter((stack) => stack.settings.role === "primary")) {
    const home = settings.region;
    const stacks = scenario.stacks.flatMap((stack) => {
      if (stack.settings.role === "primary") return stack.settings.region === home ? [] : [stack];
      const peers = stack.settings.peers.filter((peer) => peer !== home);
      return peers.length === 0 ? [] : [withPolicies(stack, stack.settings.policies, peers)];
    });
    yield { ...scenario, stacks, machines: scenario.machines.filter(({ region }) => region !== home) };
  }
}

/** One DR region less. */
function* withoutCopies(scenario: Scenario): Generator<Scenario> {
  for (const { settings } of scenario.stacks.filter((stack) => stack.settings.role === "dr")) {
    const gone = settings.region;
    const stacks = scenario.stacks
      .filter((stack) => stack.settings.role !== "dr" || stack.settings.region !== gone)
      .map((stack) =>
        withPolicies(
          stack,
          stack.settings.policies.map((policy) => ({
            ...policy,
            copy: policy.copy.filter(({ region }) => region !== gone),
          })),
          stack.settings.role === "dr" ? stack.settings.peers : stack.settings.peers.filter((peer) => peer !== gone),
        ),
      );
    yield { ...scenario, stacks };
  }
}

function* withoutPolicy(scenario: Scenario): Generator<Scenario> {
  const names = new Set(scenario.stacks.flatMap(({ settings }) => settings.policies.map(({ name }) => name)));
  for (const name of names) {
    const stacks = scenario.stacks.map((stack) =>
      withPolicies(
        stack,
        stack.settings.policies.filter((policy) => policy.name !== name),
      ),
    );
    if (stacks.some(({ settings }) => settings.policies.length === 0)) continue;
    yield { ...scenario, stacks, machines: scenario.machines.filter(({ policy }) => policy !== name) };
  }
}

function* withoutMachine(scenario: Scenario): Generator<Scenario> {
  for (const { id } of scenario.machines) {
    const troubles = scenario.troubles.filter((trouble) => !("machine" in trouble) || trouble.machine !== id);
    yield { ...scenario, troubles, machines: scenario.machines.filter((machine) => machine.id !== id) };
  }
}

/** A policy may exclude the boot volume, so that two are left. */
function* withoutVolumes(scenario: Scenario): Generator<Scenario> {
  for (const { id, volumes } of scenario.machines) {
    if (volumes <= 1) continue;
    const fewer = (machine: MachineSpec): MachineSpec =>
      machine.id === id ? { ...machine, volumes: volumes - 1 } : machine;
    yield { ...scenario, machines: scenario.machines.map(fewer) };
  }
}

/** Begins later: by half of the time, or a tenth, or a day. */
function* withoutDays(scenario: Scenario): Generator<Scenario> {
  const days = Math.floor((scenario.end - scenario.start) / DAY);
  for (const fewer of new Set([Math.floor(days / 2), Math.floor(days / 10), 1])) {
    if (fewer < 1 || fewer >= days) continue;
    const start = scenario.start + fewer * DAY;
    if (scenario.troubles.some(({ at }) => at < start)) continue;
    const machines = scenario.machines
      .filter(({ dies = start }) => dies >= start)
      .map((machine) => ({ ...machine, born: Math.max(machine.born, start) }));
    yield { ...scenario, start, machines };
  }
}

/** Troubles that last half as long. */
function* shorter(scenario: Scenario): Generator<Scenario> {
  for (const [i, trouble] of scenario.troubles.entries()) {
    if (!("until" in trouble) || endOf(trouble) - trouble.at < DAY / 24) continue;
    const half: Trouble = { ...trouble, until: Math.round((trouble.at + trouble.until) / 2) };
    yield { ...scenario, troubles: scenario.troubles.with(i, half) };
  }
}
