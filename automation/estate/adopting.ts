import * as v from "valibot";
import { names } from "../../core/names/names.js";
import type { Importers, LeftOf } from "../../functions/adopt/importers.js";
import type { Asked, Import, Imported } from "../../kinds/importer.js";
import type { ClientConfig } from "../../kinds/purger.js";
import { CommandProblem } from "../cli/outcome.js";
import { invoke } from "./invoke.js";

/** What others made and could be a point, and the kind that it is of. */
export interface Importable extends Imported {
  readonly kind: string;
}

/** What would become of what others made of some kinds. */
export interface Importing extends Import {
  readonly imported: readonly Importable[];
  readonly skipped: readonly LeftOf[];
}

/** Only reads. */
export async function importing(importers: Importers, asked: Asked, kinds: readonly string[]): Promise<Importing> {
  const wanted = [...importers].filter(([kind]) => kinds.includes(kind));
  const looks = await Promise.all(wanted.map(async ([kind, importer]) => ({ kind, ...(await importer.look(asked)) })));
  return {
    imported: looks.flatMap(({ kind, imported }) => imported.map((one) => ({ ...one, kind }))),
    skipped: looks.flatMap(({ kind, skipped }) => skipped.map((one) => ({ ...one, kind }))),
    points: looks.flatMap(({ points }) => points),
  };
}

/** A call takes at most a minute for them, of the five that it has. */
const AT_ONCE = 200;

const Answer = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ artifacts: v.array(v.object({ id: v.string(), cause: v.optional(v.string()) })) }),
);

/** Has the function that may do it write the tags. Answers with what AWS refused, by artifact. */
export async function writeImported(
  deployment: string,
  imported: readonly Importable[],
  config: ClientConfig,
): Promise<ReadonlyMap<string, string>> {
  const adopt = names(deployment, "primary").lambda("adopt");
  const refused = new Map<string, string>();
  let done = 0;
  for (const { kind, artifacts } of ordersOf(imported)) {
    const { failed, text } = await invoke(adopt, { kind, artifacts }, config);
    const read = v.safeParse(Answer, text);
    if (failed || !read.success)
      throw new CommandProblem(
        "failed",
        `${adopt} failed after ${done} of ${imported.length}: ${text}. Repeat it to go on.`,
      );
    for (const { id, cause } of read.output.artifacts) if (cause !== undefined) refused.set(id, cause);
    done += artifacts.length;
  }
  return refused;
}

/** What one call takes each. */
function* ordersOf(imported: readonly Importable[]) {
  for (const [kind, all] of Map.groupBy(imported, (one) => one.kind)) {
    for (let start = 0; start < all.length; start += AT_ONCE) {
      const artifacts = all.slice(start, start + AT_ONCE).map(({ artifact: id, tags }) => ({ id, tags }));
      yield { kind, artifacts };
    }
  }
}
