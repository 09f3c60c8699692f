import { simulateEdges } from "./edges/simulate.js";
import { scenarioOf } from "./generate.js";
import { simulatePlanner } from "./planner/simulate.js";
import type { Verdict, Violation } from "./promises/verdict.js";
import { DAY, type Scenario } from "./scenario.js";
import { type Simulate, shrink } from "./shrink.js";
import type { Story } from "./story.js";

/** `planner`: what the planner decides is carried out at once. `edges`: the real functions and state machine run. */
export type Depth = "planner" | "edges";

/** How much of the world one seed is. */
export const DAYS: Readonly<Record<Depth, number>> = { planner: 183, edges: 14 };

export interface Job {
  readonly seed: number;
  readonly depth: Depth;
  /** @default ebs; the functions run with no other */
  readonly kind?: string;
}

const SIMULATE: Readonly<Record<Depth, Simulate>> = {
  planner: (scenario, tell) => simulatePlanner(scenario, undefined, tell),
  edges: (scenario, tell) => simulateEdges(scenario, undefined, tell),
};

/** Simulates one seed. Where it breaks a promise, the answer comes with a minimal story of it. */
export async function runSeed({
  seed,
  depth,
  kind = "ebs",
}: Job): Promise<{ readonly verdict: Verdict; readonly failure?: string }> {
  const scenario = scenarioOf(seed, { days: DAYS[depth], depth, kind });
  const verdict = await simulated(scenario, { seed, depth });
  const [violation] = verdict.violations;
  if (violation === undefined) return { verdict };
  const failure = await explain(scenario, violation, SIMULATE[depth]);
  const days = depth === "planner" ? "--years 0.5 --deep-days 0" : `--years 0 --deep-days ${DAYS.edges}`;
  const again = kind === "ebs" ? days : `${days} --kind ${kind}`;
  return { verdict, failure: `seed ${seed}: ${failure}\nAgain: npm run simulate -- --seed ${seed} ${again}` };
}

async function simulated(scenario: Scenario, { seed, depth }: Job): Promise<Verdict> {
  try {
    return await SIMULATE[depth](scenario);
  } catch (cause) {
    throw new Error(`seed ${seed} of ${depth} cannot be simulated`, { cause });
  }
}

/** What was promised, and the shortest way found to break it. */
export async function explain(scenario: Scenario, violation: Violation, simulate: Simulate): Promise<string> {
  const small = await shrink(scenario, violation, simulate);
  const lines: string[] = [];
  await simulate(small.scenario, (story: Story) => lines.push(...story.tell()));
  const { machines, troubles, start, end } = small.scenario;
  const size = `${troubles.length} of ${scenario.troubles.length} troubles, ${machines.length} of ${scenario.machines.length} resources, ${days(start, end)} of ${days(scenario.start, scenario.end)} days`;
  return [
    `promise ${violation.promise} is broken: ${violation.what}`,
    `The smallest story found (${size}):`,
    ...settingOf(small.scenario).map((line) => `  ${line}`),
    ...lines.map((line) => `  ${line}`),
    `  ${clock(small.violation.at)}  BROKEN ${small.violation.promise}: ${small.violation.what}`,
  ].join("\n");
}

const days = (from: number, until: number): number => Math.ceil((until - from) / DAY);
const clock = (at: number): string => new Date(at).toISOString().slice(0, 19).replace("T", " ");

function settingOf({ stacks, machines }: Scenario): string[] {
  const policies = stacks.flatMap(({ name, settings }) =>
    settings.role === "dr"
      ? []
      : settings.policies.map(({ name: policy, schedule, timezone = "UTC", retain, copy }) => {
          const copies = copy.map((rule) => `${rule.region} ${JSON.stringify(rule.retain)}`).join(", ");
          return `${name}, policy ${policy}: ${schedule} ${timezone}, keep ${JSON.stringify(retain)}, copies to ${copies || "nowhere"}`;
        }),
  );
  const resources = machines.map(
    ({ id, policy, volumes, born }) => `${id}: policy ${policy}, ${volumes} member(s), since ${clock(born)}`,
  );
  return [...policies, ...resources];
}
