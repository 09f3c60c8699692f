import { setTimeout as sleep } from "node:timers/promises";

/** How long the official provider waits for what is still in use to become free (terraform-provider-aws: delete time-outs of networks). */
const DEADLINE_MS = 15 * 60_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Does it again as long as AWS says that something depends on it: the engine deletes at the same time what AWS wants gone
 * first, such as a NAT gateway before the internet gateway of its VPC.
 */
export async function whileInUse<T>(call: () => Promise<T>, ...codes: readonly string[]): Promise<T> {
  const waiting = ["DependencyViolation", ...codes];
  const deadline = Date.now() + DEADLINE_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await call();
    } catch (error) {
      const again = error instanceof Error && waiting.includes(error.name) && Date.now() + pause < deadline;
      if (!again) throw error;
      await sleep(pause);
    }
  }
}
