import type { Backup } from "@aws-sdk/client-fsx";
import { TAG } from "../../../core/names/tags.js";
import { must } from "./describe.js";
import { tokenOf } from "./token.js";

/** Nobody takes the tags away from so many of one point. */
const TOKENS = 3;
/** A backup that was begun just now has its tags, whatever the answer says of them. */
const NEW_MS = 15 * 60_000;

interface Asked {
  readonly deployment: string;
  readonly point: string;
  /** What makes the call the one that it is, beside its deployment. */
  readonly parts: readonly string[];
  readonly now: number;
}

/**
 * Asks for a backup with a token. FSx gives back what it made for that before; where somebody took our tags away from that since, it is
 * our point no more, and what is asked for next has a token of its own, made of its id: the same one whoever asks.
 * @returns the id of the backup that is ours
 */
export async function askFor(
  { deployment, point, parts, now }: Asked,
  ask: (token: string) => Promise<Backup | undefined>,
): Promise<string> {
  const lost: string[] = [];
  for (;;) {
    const made = await ask(tokenOf(deployment, ...parts, ...lost));
    const id = must(made?.BackupId, "a new backup without an id");
    if (!isLost(made, deployment, point, now)) return id;
    lost.push(id);
    if (lost.length === TOKENS) throw new Error(`somebody took the tags of ${lost.join(", ")} away`);
  }
}

/** Whether it was made long ago, and is nobody's point now. */
function isLost(made: Backup | undefined, deployment: string, point: string, now: number): boolean {
  const tags = new Map(made?.Tags?.map(({ Key, Value }) => [Key, Value]));
  const isOurs = tags.get(TAG.deployment) === deployment && tags.get(TAG.point) === point;
  return made?.Tags !== undefined && !isOurs && now - (made.CreationTime?.getTime() ?? 0) > NEW_MS;
}
