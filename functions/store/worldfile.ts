import type { Inventory } from "../../core/model/model.js";
import { runKeys } from "../../core/names/names.js";
import type { Stray } from "../../kinds/backend.js";
import type { Bucket } from "./bucket.js";

/** Where a stray was seen. */
export interface FoundStray extends Stray {
  readonly region: string;
}

/** What a survey hands to the plan and the record of its run: too large for a state's payload. */
export interface SurveyFile {
  readonly worlds: readonly Inventory[];
  readonly strays: readonly FoundStray[];
}

export async function readSurvey(bucket: Bucket, runId: string): Promise<SurveyFile> {
  const key = runKeys(runId).world;
  const file = await bucket.read(key);
  if (!isSurveyFile(file)) throw new Error(`the run ${runId} has no ${key}`);
  return file;
}

/** Written by Survey of the same deployment; only the outer shape is checked. */
const isSurveyFile = (file: unknown): file is SurveyFile =>
  typeof file === "object" && file !== null && "worlds" in file && "strays" in file;
