import { isDeepStrictEqual } from "node:util";
import type { Refused } from "../../core/model/model.js";
import { REFUSED_KEY } from "../../core/names/names.js";
import type { Result } from "../execute/result.js";
import type { Bucket } from "./bucket.js";

/** So long it is not tried again: AWS adds types to regions, and people change file systems. */
const NEVER_MS = 7 * 86_400_000;

/**
 * What AWS said in some regions that it never does, as their stacks wrote it down. A bucket that cannot be read says nothing: then all
 * is tried, and waited for.
 */
export async function readRefused(
  buckets: readonly Pick<Bucket, "read">[],
  onUnread: (error: unknown) => void,
): Promise<readonly Refused[]> {
  const read = await Promise.all(
    buckets.map(async (bucket) => {
      try {
        return await bucket.read(REFUSED_KEY);
      } catch (error) {
        onUnread(error);
        return undefined;
      }
    }),
  );
  return read.flatMap((all) => (Array.isArray(all) ? all.filter(isRefused) : []));
}

/** Written by writeRefused of the same deployment; only the discriminating fields are checked. */
const isRefused = (one: unknown): one is Refused =>
  typeof one === "object" && one !== null && "do" in one && "until" in one && "reason" in one;

const isSame = (a: Refused, b: Refused): boolean => a.do === b.do && a.region === b.region && a.resource === b.resource;

/**
 * Adds what was refused in a run, and forgets what is over. Where nothing changed, nothing is written.
 * @param before what the own bucket said
 */
export async function writeRefused(
  bucket: Pick<Bucket, "write">,
  before: readonly Refused[],
  results: Readonly<Record<Refused["do"], readonly Result[]>>,
  now: number,
): Promise<void> {
  const found = [...refusedBy("create", results.create, now), ...refusedBy("copy", results.copy, now)];
  const still = before.filter((one) => one.until > now && !found.some((other) => isSame(one, other)));
  const after = [...still, ...found];
  if (!isDeepStrictEqual(before, after)) await bucket.write(REFUSED_KEY, after);
}

const refusedBy = (verb: Refused["do"], results: readonly Result[], now: number): Refused[] =>
  results
    .filter(({ outcome, lasting }) => outcome === "failed" && lasting === true)
    .map(({ region, resource, code, cause = "no cause was given" }) => {
      const reason = code === undefined ? cause : `${code}: ${cause}`;
      return { do: verb, region, resource, reason, until: now + NEVER_MS };
    });
