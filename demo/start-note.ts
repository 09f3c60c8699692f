import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Places } from "../automation/deploy/envs.js";
import { alive } from "../automation/deploy/locks.js";

/** Says that a `npm start` has begun, and which process it is; gone when it cleaned up. */
const noteOf = (places: Places): string => join(places.home, "start.pid");

export async function noteStart(places: Places): Promise<void> {
  await mkdir(places.home, { recursive: true });
  await writeFile(noteOf(places), String(process.pid));
}

export const forgetStart = (places: Places): Promise<void> => rm(noteOf(places), { force: true });

/** Whether a start was killed before it could clean up. */
export async function startLeftBehind(places: Places): Promise<boolean> {
  const text = await readFile(noteOf(places), "utf8").catch(() => undefined);
  return text !== undefined && !alive(Number(text));
}
