import { HOUR, MINUTE } from "../scenario.js";

/** What AWS allows (EBS endpoints and quotas). */
export const COPIES_MAX = 20;
export const PENDING_MAX = 100;
export const PENDING_PER_VOLUME_MAX = 5;

/** How long EBS takes: often minutes, seldom an hour; copies up to two. */
export const CREATE_MS = [MINUTE, 50 * MINUTE] as const;
export const COPY_MS = [3 * MINUTE, 2 * HOUR] as const;
