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

/** What is known of the home regions, and since when. */
export interface HomesSeen {
  /** Whose file tells it. */
  readonly run: string;
  /** When all of them, and the own region, were read whole. */
  readonly at: number;
  /** The lease's counts when they were read: with a higher one of news something may have changed there since. */
  readonly news: number;
  /** With a higher one of points there are more to copy. */
  readonly points: number;
}

/** What a survey hands to the plan and the record of its run: too large for a state's payload. */
export interface SurveyFile {
  readonly worlds: readonly World[];
  readonly strays: readonly FoundStray[];
  /** What was read of the own region. */
  readonly known: Known;
  /** Of a DR stack. */
  readonly homes?: HomesSeen;
  /** Only what takes copy slots was read: the run may start copies and decide nothing else. @default false */
  readonly followUp?: boolean;
}

export async function readSurvey(bucket: Bucket, runId: string): Promise<SurveyFile> {
  const key = runKeys(runId).world;
  const file = await bucket.read(key);
  if (!isSurveyFile(file)) throw new Error(`the run ${runId} has no ${key}`);
  return file;
}

/** Written by Survey of the same deployment; only the outer shape is checked. */
const isSurveyFile = (file: unknown): file is SurveyFile =>
  typeof file === "object" && file !== null && "worlds" in file && "strays" in file && "known" in file;
