/** How the SDK's waiters ask, in seconds: soon at first, every two later. */
export const WAIT = { maxWaitTime: 300, minDelay: 0.2, maxDelay: 2 };
