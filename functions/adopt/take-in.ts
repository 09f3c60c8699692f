import pMap from "p-map";
import * as v from "valibot";
import type { Settings } from "../../core/model/model.js";
import { causeOf } from "../../kinds/lib/errors.js";
import { parseInput } from "../../kinds/lib/input.js";
import type { Invocation } from "../execute/executor.js";
import { runIdOf } from "../execute/run.js";
import type { Bucket } from "../store/bucket.js";
import { writeManifests } from "../store/manifest.js";
import type { AdoptDeps } from "./adopt.js";
import { type LeftOf, type TakingInAll, takingInAll } from "./importers.js";

export interface TakeInDeps extends Omit<AdoptDeps, "deployment"> {
  readonly settings: () => Promise<Settings>;
  readonly bucket: Bucket;
  readonly now: () => number;
}

const Event = v.strictObject({ execution: v.pipe(v.string(), v.nonEmpty()) });

/** Whether an event is of the state machine, not of a person. */
export const isStep = (raw: unknown): boolean => typeof raw === "object" && raw !== null && "execution" in raw;

const CONCURRENCY = 5;
/** Artifacts between two looks at the clock. */
const BATCH = 50;
/** Time left at which it stops and asks to be called again. */
const RESERVE_MS = 30_000;
/** Artifacts that an alert names, and characters of each cause: AWS's may be long. */
const [NAMED, WHY_MAX] = [10, 300];

export interface TookIn {
  readonly taken: number;
  /** Time was up before all were taken in, and another call takes in more; what is refused every time is left to later runs. */
  readonly more: boolean;
  /** By kind what could not be taken in, and why, for people. */
  readonly refused: Readonly<Record<string, string>>;
}

/**
 * Makes points of what others made, under the policies with `source: any`, before a run surveys. Needs no lease: tags follow from
 * the artifact, so two at once write the same. One that AWS refuses leaves the others alone; what cannot be read at all is an error.
 */
export const makeTakeIn =
  (deps: TakeInDeps) =>
  async (raw: unknown, { remainingMs }: Invocation): Promise<TookIn> => {
    const { execution } = parseInput(Event, raw, "the event of taking in");
    const log = deps.log.createChild({ persistentKeys: { execution } });
    const began = deps.now();
    const stopAt = began + remainingMs - RESERVE_MS;
    const settings = await deps.settings();
    const { watched, taken: wanted, left, refused } = await takingInAll(deps.importers, settings, deps.now());
    const why = Object.fromEntries([...Map.groupBy(left, (one) => one.why)].map(([text, of]) => [text, of.length]));
    log.info("looked for what others made", { watched, wanted: wanted.length, left: why });
    if (settings.mode === "plan") return { taken: 0, more: false, refused: {} };
    // The manifests first, as for points of our own: whoever copies a point looks for them.
    const planned = wanted.map((one) => one.planned);
    await writeManifests(deps.bucket, runIdOf(began, execution), planned);
    const problems: LeftOf[] = [...refused];
    let [tried, taken] = [0, 0];
    // At least one batch per call, however short the time.
    do {
      const batch = wanted.slice(tried, tried + BATCH);
      const answers = await pMap(batch, write, { concurrency: CONCURRENCY });
      const found = answers.flatMap((answer) => answer ?? []);
      problems.push(...found);
      tried += batch.length;
      taken += batch.length - found.length;
    } while (tried < wanted.length && deps.now() < stopAt);
    for (const problem of problems) log.error("not taken in", { ...problem });
    log.info("taken in", { taken, of: wanted.length });
    return { taken, more: tried < wanted.length && taken > 0, refused: refusedOf(problems) };
  };

/** Answers with what went wrong. */
async function write({ kind, importer, artifact, tags }: TakingInAll["taken"][number]): Promise<LeftOf | undefined> {
  try {
    await importer.mark(artifact, tags);
    return undefined;
  } catch (error) {
    const { code, message } = causeOf(error);
    // Whoever made it has deleted it meanwhile.
    return importer.isGone(error) ? undefined : { kind, artifact, why: `${code}: ${message}` };
  }
}

const refusedOf = (problems: readonly LeftOf[]): Readonly<Record<string, string>> =>
  Object.fromEntries([...Map.groupBy(problems, ({ kind }) => kind)].map(([kind, of]) => [kind, formatRefused(of)]));

function formatRefused(problems: readonly LeftOf[]): string {
  const named = problems.slice(0, NAMED).map(({ artifact, why }) => `${artifact} (${why.slice(0, WHY_MAX)})`);
  const more = problems.length > NAMED ? ` and ${problems.length - NAMED} more` : "";
  return `${named.join(", ")}${more}`;
}
