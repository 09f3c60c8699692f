import * as v from "valibot";
import type { Bytes } from "../bytes/bytes.js";
import { freshId } from "./ids.js";
import type { Snapshot } from "./model.js";
import type { Store } from "./store.js";

const PastSchema = v.strictObject({
  snapshots: v.array(
    v.strictObject({
      volumeId: v.pipe(v.string(), v.nonEmpty()),
      startTime: v.pipe(v.string(), v.isoTimestamp("is not a time like 2026-11-21T03:00:00.000Z")),
      description: v.optional(v.string(), ""),
      tags: v.optional(v.record(v.string(), v.string()), {}),
    }),
  ),
});

/** A snapshot that was taken of a volume some time ago. */
export type PastSnapshot = v.InferOutput<typeof PastSchema>["snapshots"][number];

/** Reads the body of POST /_lockstep/snapshots/<region>. Throws what is wrong with it. */
export function parsePast(body: unknown): readonly PastSnapshot[] {
  const read = v.safeParse(PastSchema, body);
  if (read.success) return read.output.snapshots;
  throw new Error(read.issues.map((issue) => `${v.getDotPath(issue) ?? "snapshots"}: ${issue.message}`).join("; "));
}

/**
 * Puts completed snapshots of volumes that are there, all or none, as if each had been taken at its time: an estate that has run
 * for months. Their bytes are those that the volume has now; they count for no limit of what is pending, and no event tells of
 * them. Answers with their ids.
 */
export function plantSnapshots(store: Store, bytes: Bytes, region: string, past: readonly PastSnapshot[]): string[] {
  const { volumes } = store.shelf(region);
  const planted = past.map(({ volumeId, startTime, description, tags }): Snapshot => {
    const volume = volumes.get(volumeId);
    if (volume === undefined) throw new Error(`there is no volume ${volumeId} in ${region}`);
    const { size, encrypted, kmsKeyId, content, lineage } = volume;
    const startedAt = Date.parse(startTime);
    return {
      kind: "snapshot",
      id: freshId("snap"),
      seq: store.nextSeq(),
      ...{ region, tags, description, size, encrypted, lineage, startedAt },
      ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
      ...(content === undefined ? {} : { content }),
      ...{ state: "completed", volume: volumeId, dueAt: startedAt, endedAt: startedAt },
      writtenBytes: bytes.written(content),
    };
  });
  store.commit(planted.map((put) => ({ put })));
  return planted.map(({ id }) => id);
}
