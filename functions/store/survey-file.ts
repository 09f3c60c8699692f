import type { Inventory } from "../../core/model/model.js";
import { runKeys } from "../../core/names/names.js";
import type { Stray } from "../../kinds/backend.js";
import type { Bucket } from "./bucket.js";
import type { Tidings } from "./lease.js";

/** Where a stray was seen. */
export interface FoundStray extends Stray {
  readonly region: string;
  readonly kind: string;
}

/** What a survey hands to the plan and the record of its run: too large for a state's payload. */
export interface SurveyFile {
  /** One of each kind that was read and each home region. */
  readonly inventories: readonly Inventory[];
  readonly strays: readonly FoundStray[];
  /** The kinds that were read. */
  readonly kinds: readonly string[];
  /** Whether those are all that the stack looks after. */
  readonly isAll: boolean;
  /** What the survey heeded. */
  readonly tidings: Tidings;
}

export async function readSurvey(bucket: Bucket, runId: string): Promise<SurveyFile> {
  const key = runKeys(runId).survey;
  const file = await bucket.read(key);
  if (!isSurveyFile(file)) throw new Error(`the run ${runId} has no ${key}`);
  return file;
}

/** Written by Survey of the same deployment; only the outer shape is checked. */
const isSurveyFile = (file: unknown): file is SurveyFile =>
  typeof file === "object" && file !== null && "inventories" in file && "strays" in file && "kinds" in file;
