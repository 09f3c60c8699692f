import { HOUR, MINUTE } from "../scenario.js";

/** How long EBS takes: often minutes, seldom an hour; copies up to two. */
export const CREATE_MS = [MINUTE, 50 * MINUTE] as const;
export const COPY_MS = [3 * MINUTE, 2 * HOUR] as const;
