import type { World } from "../../core/model.js";
import { runKeys } from "../../core/names.js";
import type { Known } from "../../core/needs.js";
import type { Bucket } from "./bucket.js";

/** A snapshot with our ownership tag that belongs to no point. */
export interface FoundStray {
  readonly region: string;
  readonly snapshot: string;
  readonly problem: string;
}

/** Which survey saw the home regions. */
export interface HomesSeen {
  readonly run: string;
  readonly at: number;
  /** The lease's count of news when it began: with a higher one something may have changed there since. */
  readonly news: number;
}

/** What a survey hands to the plan and the record of its run: too large for a state's payload. */
export interface SurveyFile {
  readonly worlds: readonly World[];
  readonly strays: readonly FoundStray[];
  /** What was read of the own region. */
  readonly known: Known;
  /** Of a DR stack: this run's own survey, or an earlier one that it leans on to hand out copies. */
  readonly homes?: HomesSeen;
}

/** Whether a run saw its own region only, so that it may start copies and decide nothing else. */
export const isFollowUp = (runId: string, { homes }: SurveyFile): boolean => homes !== undefined && homes.run !== runId;

export async function readSurvey(bucket: Bucket, runId: string): Promise<SurveyFile> {
  const key = runKeys(runId).world;
  const file = await bucket.read(key);
  if (!isSurveyFile(file)) throw new Error(`the run ${runId} has no ${key}`);
  return file;
}

/** Written by Survey of the same deployment; only the outer shape is checked. */
const isSurveyFile = (file: unknown): file is SurveyFile =>
  typeof file === "object" && file !== null && "worlds" in file && "strays" in file && "known" in file;
