import pMap from "p-map";
import * as v from "valibot";
import { TAG, TAG_PREFIX } from "../../core/names/tags.js";
import { causeOf, InvalidInput } from "../../kinds/lib/errors.js";
import { parseInput } from "../../kinds/lib/input.js";
import type { Log } from "../../kinds/lib/log.js";
import type { Importers } from "./importers.js";

export interface AdoptDeps {
  readonly deployment: string;
  readonly importers: Importers;
  readonly log: Log;
}

const OurKey = v.pipe(v.string(), v.startsWith(TAG_PREFIX));
const Artifact = v.strictObject({ id: v.string(), tags: v.record(OurKey, v.string()) });
const Event = v.strictObject({ kind: v.string(), artifacts: v.pipe(v.array(Artifact), v.maxLength(1000)) });

function readEvent(importers: Importers, raw: unknown) {
  const { kind, artifacts } = parseInput(Event, raw, "the event of adopt");
  const importer = importers.get(kind);
  if (importer === undefined) throw new InvalidInput(`nothing of the kind "${kind}" is imported`);
  const wrong = artifacts.find(({ id }) => !importer.isArtifact(id));
  if (wrong !== undefined) throw new InvalidInput(`"${wrong.id}" is no id of what is imported`);
  return { artifacts, importer };
}

const CONCURRENCY = 5;

/** What became of an artifact; without `cause` it is a point now. */
export interface AdoptAnswer {
  readonly artifacts: readonly { readonly id: string; readonly cause?: string }[];
}

/** Writes the tags that make artifacts points. One that AWS refuses leaves the others alone. */
export const makeAdopt =
  ({ deployment, importers, log }: AdoptDeps) =>
  async (raw: unknown): Promise<AdoptAnswer> => {
    const { artifacts, importer } = readEvent(importers, raw);
    const answers = await pMap(
      artifacts,
      async ({ id, tags }) => {
        if (tags[TAG.deployment] !== deployment) return { id, cause: `${TAG.deployment} is not "${deployment}"` };
        try {
          await importer.mark(id, tags);
          return { id };
        } catch (error) {
          const { code, message } = causeOf(error);
          return { id, cause: `${code}: ${message}` };
        }
      },
      { concurrency: CONCURRENCY },
    );
    for (const answer of answers) log["cause" in answer ? "error" : "info"]("adopt", { ...answer });
    return { artifacts: answers };
  };
