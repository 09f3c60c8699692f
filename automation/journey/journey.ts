import type { Policy, Resource, World } from "../../core/model.js";
import { selects } from "../../core/select.js";
import { down } from "../commands/down.js";
import { run } from "../commands/run.js";
import { up } from "../commands/up.js";
import type { Overrides } from "../config.js";
import type { Deps, Estate } from "../deps.js";
import { requireEnv } from "../envs.js";
import { CommandProblem, type Outcome } from "../outcome.js";
import { allOf } from "../progress.js";
import { variablesOf } from "../target.js";
import { type Admin, callsBetween } from "./admin.js";
import { type Contents, Scribe } from "./data.js";
import { type Proof, prove } from "./proof.js";

/** One more cycle than the primary keeps points, so that retention has work in both regions. */
const CYCLES = 3;
const CYCLE_TIMEOUT_MS = 180_000;

/** Keeps less than the tracked policies, so that a few cycles show what retention does. */
const RETAIN = { home: { count: 2 }, copy: { count: 1 } };

export interface JourneyResult {
  readonly proofs: readonly Proof[];
  /** API calls by service. */
  readonly calls: ReadonlyMap<string, number>;
  readonly problems: readonly string[];
  /** How long each part took. */
  readonly seconds: Readonly<Record<string, number>>;
}

/** The whole way: deploy both regions, back up, copy, prune, and look whether it is so. */
export async function journey(env: string, deps: Deps, admin: Admin): Promise<JourneyResult> {
  const seconds: Record<string, number> = {};
  const timed = async <T>(part: string, work: () => Promise<T>): Promise<T> => {
    const began = deps.now();
    const result = await work();
    seconds[part] = Math.round((deps.now() - began) / 100) / 10;
    return result;
  };
  const before = await admin.calls();
  const config = await demoConfig(env, deps);
  must(await timed("deploy", () => up({ env, target: "sandbox", workload: true, config }, deps)));
  const record = await requireEnv(deps.places, env);
  const estate = await deps.estate(record, await variablesOf(record.target, deps));
  const scribe = new Scribe(admin);
  let contents: ReadonlyMap<string, Contents> = new Map();
  for (let cycle = 1; cycle <= CYCLES; cycle++) {
    contents = await scribe.write(protectedBy(await estate.world()));
    must(
      await timed(`cycle ${cycle}`, () => run({ env, resources: [], wait: true, timeoutMs: CYCLE_TIMEOUT_MS }, deps)),
    );
  }
  const proofs = await timed("proof", () => proofOf(estate, contents, deps, admin));
  const calls = callsBetween(before, await admin.calls());
  const problems = proofs.flatMap((proof) => proof.problems);
  if (proofs.length === 0) problems.push("no policy selects a resource");
  return { proofs, calls, problems, seconds };
}

async function proofOf(
  estate: Estate,
  contents: ReadonlyMap<string, Contents>,
  deps: Deps,
  admin: Admin,
): Promise<Proof[]> {
  const job = {
    title: "reading the copies back",
    run: async () => prove(await estate.world(), { made: CYCLES, contents }, admin),
  };
  return allOf(await deps.progress.together([job])).flat();
}

/** The tracked policies with a retention that a few cycles reach. */
async function demoConfig(env: string, deps: Deps): Promise<Overrides> {
  const { project, stacks } = await deps.config(env, {});
  const { settingOf } = await import("../setting.js");
  const primary = stacks.find((s) => s.record.role === "primary");
  const policies = primary && settingOf(project, primary.settings, "lockstep:policies");
  if (!Array.isArray(policies)) throw new CommandProblem("usage", "lockstep:policies must be a list of policies.");
  return {
    // Events are gathered for less time than on AWS, so that nobody waits.
    "lockstep:batchSeconds": 1,
    "lockstep:policies": policies.map((policy: Policy) => ({
      ...policy,
      retain: RETAIN.home,
      copy: policy.copy.map((rule) => ({ ...rule, retain: RETAIN.copy })),
    })),
  };
}

const protectedBy = (world: World): Resource[] =>
  world.resources.filter((resource) => world.policies.some((policy) => selects(policy, resource)));

/** Removes what the journey deployed. */
export async function cleanUp(env: string, deps: Deps): Promise<void> {
  must(await down({ env, yes: false }, deps));
}

function must(outcome: Outcome): void {
  if (outcome.ending !== "done") throw new CommandProblem(outcome.ending, outcome.text);
}
