import * as v from "valibot";
import { newBackup } from "./backups/create.js";
import { fileSystemUnit, volumeUnit } from "./backups/units.js";
import type { Call } from "./call.js";
import type { Backup } from "./state/model.js";

const text = v.pipe(v.string(), v.nonEmpty());

const PastSchema = v.strictObject({
  backups: v.array(
    v.strictObject({
      /** A file system, or a volume of ONTAP. */
      of: v.pipe(v.string(), v.regex(/^(fs|fsvol)-/, "is the id of a file system or volume")),
      creationTime: v.pipe(v.string(), v.isoTimestamp("is not a time like 2026-11-21T03:00:00.000Z")),
      type: v.optional(v.picklist(["USER_INITIATED", "AUTOMATIC", "AWS_BACKUP"]), "USER_INITIATED"),
      tags: v.optional(v.record(text, v.string()), {}),
    }),
  ),
});

/** A backup that was taken some time ago. */
export type PastBackup = v.InferOutput<typeof PastSchema>["backups"][number];

/** Reads the body of POST /_lockstep/backups/<region>. Throws what is wrong with it. */
export function parsePast(body: unknown): readonly PastBackup[] {
  const read = v.safeParse(PastSchema, body);
  if (read.success) return read.output.backups;
  throw new Error(read.issues.map((issue) => `${v.getDotPath(issue) ?? "backups"}: ${issue.message}`).join("; "));
}

/**
 * Puts available backups of file systems and volumes that are there, all or none, as if each had been taken at its time: an estate
 * that has run for months. Their bytes are those of now. Answers with their ids.
 */
export async function plantBackups(call: Call, past: readonly PastBackup[]): Promise<string[]> {
  const planted: Backup[] = [];
  for (const { of, creationTime, type, tags } of past) {
    const unit = of.startsWith("fsvol-") ? volumeUnit(call, of) : fileSystemUnit(call, of);
    const at = Date.parse(creationTime);
    planted.push({ ...(await newBackup(call, unit, { type, tags })), createdAt: at, startsAt: at, endsAt: at });
  }
  call.store.commit(planted.map((put) => ({ put })));
  return planted.map(({ id }) => id);
}
