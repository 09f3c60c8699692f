import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** An answer of a real service as it was published; its folder's README says what the members are. */
export interface Recording {
  readonly file: string;
  readonly operation: string;
  readonly status: number;
  readonly year?: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The recordings are not part of the project: `LOCKSTEP_RECORDED` names their folder, else it lies beside the project. */
const FOLDER = process.env["LOCKSTEP_RECORDED"] ?? resolve(__dirname, "..", "..", "..", "shared", "recorded");

/** The recordings of a service; undefined, and told, where they are not on this machine. */
export function recordingsOf(service: string): readonly Recording[] | undefined {
  const folder = join(FOLDER, service);
  if (!existsSync(folder)) {
    console.log(`  left out: the recordings of ${service} are not at ${folder} (LOCKSTEP_RECORDED)`);
    return undefined;
  }
  return readdirSync(folder).map((file) => {
    // The folder's README describes them so.
    const read = JSON.parse(readFileSync(join(folder, file), "utf8")) as Omit<Recording, "file" | "operation">;
    return { ...read, file, operation: file.replace(/-\d+\.json$/, "") };
  });
}
