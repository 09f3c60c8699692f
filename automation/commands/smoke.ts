import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { askAll } from "../../smoke/ask.js";
import { newestImageIn } from "../../smoke/images.js";
import { journey, type Step } from "../../smoke/journey.js";
import type { Recording, Side } from "../../smoke/model.js";
import { PROBES } from "../../smoke/probes/index.js";
import { type Left, Removal } from "../../smoke/removal.js";
import { tagged } from "../../smoke/sweep.js";
import { consent } from "../cli/consent.js";
import type { Target } from "../cli/model.js";
import { done, failed, messageOf, type Outcome } from "../cli/outcome.js";
import { allOf, type Say } from "../cli/progress.js";
import type { Deps } from "../estate/deps.js";
import { chooseTarget, variablesOf } from "../estate/target.js";

export interface SmokeArgs {
  readonly target?: Target;
  readonly home: string;
  readonly away: string;
  readonly yes: boolean;
  readonly only?: "probes" | "journey";
  /** File for the recording; in `.lockstep/smoke/` without it. */
  readonly out?: string;
}

/** How long one thing may take; the sandbox needs seconds where AWS needs minutes. */
const PATIENCE_MS = { aws: 20 * 60_000, sandbox: 30_000 };
const RUN_MS = { aws: 45 * 60_000, sandbox: 180_000 };

interface Smoke extends SmokeArgs {
  readonly target: Target;
  readonly variables: Readonly<Record<string, string>>;
  readonly regions: Readonly<Record<Side, string>>;
  /** Tells the run apart: in names, and as the tag's value. */
  readonly run: string;
}

/** What became of the probes. */
interface Probed {
  readonly recording?: Recording;
  readonly left: Left;
  readonly why?: string;
}

/** Tries everything in two regions, records what was answered, and removes what was made, whatever happens. */
export async function smoke(args: SmokeArgs, deps: Deps): Promise<Outcome> {
  const target = await chooseTarget(args.target, undefined, deps);
  if (target === "aws" && !args.yes) await askFirst(args, deps);
  const variables = await variablesOf(target, deps);
  const run = deps.now().toString(36);
  const regions = { home: args.home, away: args.away };
  const parts = { ...args, target, variables, regions, run };
  const probed = args.only === "journey" ? undefined : await probe(parts, deps);
  const file = probed?.recording && (await write(probed.recording, args.out, run, deps));
  const isStopped = () => deps.interruption.signal.aborted;
  const steps = args.only === "probes" || isStopped() ? undefined : await travel(parts, deps);
  return outcomeOf({ probed, file, steps, isStopped: isStopped() });
}

async function askFirst({ home, away, only }: SmokeArgs, deps: Deps): Promise<void> {
  const what =
    `This makes a few small volumes, snapshots, an instance${only === "probes" ? "" : ", and both stacks with a workload"} ` +
    `in ${home} and ${away} on AWS, looks at them for about an hour, and removes them. It costs a few dollars.`;
  const options = `--target aws --home ${home} --away ${away}${only === undefined ? "" : ` --only ${only}`}`;
  await consent(what, `lockstep smoke ${options} --yes`, deps);
}

async function probe(smoke: Smoke, deps: Deps): Promise<Probed> {
  const removal = new Removal();
  const { run, regions, variables, target } = smoke;
  const { signal } = deps.interruption;
  const options = {
    ...{ run, regions, variables, removal, signal, patienceMs: PATIENCE_MS[target] },
    now: deps.now,
    sleep: deps.sleep,
  };
  const work = async (say: Say): Promise<Probed> => {
    try {
      const recording = await askAll(PROBES, target, options, say);
      return { recording, left: await removeAll(smoke, removal, say) };
    } catch (error) {
      return { why: messageOf(error), left: await removeAll(smoke, removal, say) };
    }
  };
  const [probed] = allOf(await deps.progress.together([{ title: "probes", run: work }]));
  return probed ?? { left: [] };
}

/** What is known to have been made, then what carries the tag: a call whose answer was lost may have made something too. */
async function removeAll({ regions, variables, run }: Smoke, removal: Removal, say: Say): Promise<Left> {
  const known = await removal.all(say, pause);
  try {
    for (const region of Object.values(regions)) {
      for (const made of await tagged(region, variables, run)) removal.add(made);
    }
    const stray = await removal.all(say, pause);
    // What was refused before and is gone now needs no word.
    const named = known.filter((one) => /^(queue|rule|schedule) /.test(one));
    return [...named, ...stray];
  } catch (error) {
    return [...known, `things with the tag lockstep:smoke=${run}: ${messageOf(error)}`];
  }
}

async function travel({ target, regions, variables, run }: Smoke, deps: Deps): Promise<Step[]> {
  const ami = await newestImageIn(regions.home, variables);
  // Names of environments are short.
  const env = `smoke-${run.slice(-6)}`;
  return journey({ env, target, regions, ami, timeoutMs: RUN_MS[target] }, deps);
}

async function write(recording: Recording, out: string | undefined, run: string, deps: Deps): Promise<string> {
  const file = resolve(out ?? join(deps.places.home, "smoke", `${recording.date}-${recording.from}-${run}.json`));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(recording, null, 2)}\n`);
  return file;
}

interface Ended {
  readonly probed: Probed | undefined;
  readonly file: string | undefined;
  readonly steps: readonly Step[] | undefined;
  readonly isStopped: boolean;
}

function outcomeOf({ probed, file, steps, isStopped }: Ended): Outcome {
  const answers = Object.entries(probed?.recording?.answers ?? {});
  const notAsked = answers.flatMap(([name, answer]) =>
    answer.kind === "not asked" ? [`${name}: ${answer.reason}`] : [],
  );
  const lacking = new Set(PROBES.filter((one) => one.lacking !== undefined).map(({ name }) => name));
  const isSandbox = probed?.recording?.from === "sandbox";
  const missed = notAsked.filter((text) => !isSandbox || !lacking.has(text.split(":")[0] ?? ""));
  const bad = (steps ?? []).filter(({ ok }) => !ok).map(({ step, why }) => `${step}: ${why}`);
  const lines = [
    ...(probed?.why === undefined ? [] : [`The probes stopped: ${probed.why}`]),
    ...(file === undefined ? [] : [`${answers.length} answers are recorded in ${file}.`]),
    ...missed.map((text) => `Not asked: ${text}`),
    ...(steps ? [`Journey: ${steps.map(({ step, ok }) => `${step} ${ok ? "ok" : "failed"}`).join(", ")}.`] : []),
    ...bad,
    ...(probed?.left ?? []).map((text) => `Still there: ${text}`),
    ...(isStopped ? ["Interrupted."] : []),
  ];
  const data = { file, answers: answers.length, notAsked: missed, steps, left: probed?.left ?? [] };
  const isGood = lines.length === (file === undefined ? 0 : 1) + (steps ? 1 : 0);
  const text = [...lines, ...(isGood ? ["Everything that was made is removed."] : [])].join("\n");
  return isGood ? done(data, text) : failed(data, text);
}
