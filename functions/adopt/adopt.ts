import pMap from "p-map";
import * as v from "valibot";
import { TAG, TAG_PREFIX } from "../../core/names/tags.js";
import { causeOf } from "../lib/errors.js";
import { parseInput } from "../lib/input.js";
import type { Log } from "../lib/log.js";

export interface AdoptDeps {
  readonly deployment: string;
  readonly tag: (snapshot: string, tags: Readonly<Record<string, string>>) => Promise<void>;
  readonly log: Log;
}

const OurKey = v.pipe(v.string(), v.startsWith(TAG_PREFIX));
const Event = v.strictObject({
  snapshots: v.pipe(
    v.array(
      v.strictObject({
        id: v.pipe(v.string(), v.regex(/^snap-[0-9a-f]+$/, "is no id of a snapshot")),
        tags: v.record(OurKey, v.string()),
      }),
    ),
    v.maxLength(1000),
  ),
});

const CONCURRENCY = 5;

/** What became of a snapshot; without `cause` it is a point now. */
export interface AdoptAnswer {
  readonly snapshots: readonly { readonly id: string; readonly cause?: string }[];
}

/** Writes the tags that make snapshots points. One that AWS refuses leaves the others alone. */
export const makeAdopt =
  ({ deployment, tag, log }: AdoptDeps) =>
  async (raw: unknown): Promise<AdoptAnswer> => {
    const { snapshots } = parseInput(Event, raw, "the event of adopt");
    const answers = await pMap(
      snapshots,
      async ({ id, tags }) => {
        if (tags[TAG.deployment] !== deployment) return { id, cause: `${TAG.deployment} is not "${deployment}"` };
        try {
          await tag(id, tags);
          return { id };
        } catch (error) {
          const { code, message } = causeOf(error);
          return { id, cause: `${code}: ${message}` };
        }
      },
      { concurrency: CONCURRENCY },
    );
    for (const answer of answers) log["cause" in answer ? "error" : "info"]("adopt", { ...answer });
    return { snapshots: answers };
  };
