import type { Deps, Estate } from "../deps.js";
import { type EnvRecord, requireEnv, type StackRecord } from "../envs.js";
import { done, failed, messageOf, type Outcome } from "../outcome.js";
import { variablesOf } from "../target.js";

/** Whether a test got through in one region. */
export interface Told {
  readonly region: string;
  /** Why it did not; null when it did. */
  readonly problem: string | null;
}

const isController = ({ role }: StackRecord): boolean => role !== "workload";

/** Sends a test alarm in each region, all at once. */
export const tryAlarms = (stacks: readonly StackRecord[], estate: Estate): Promise<Told[]> =>
  Promise.all(
    stacks.filter(isController).map(async (stack) => {
      const problem = await estate.testAlarm(stack).catch(messageOf);
      return { region: stack.region, problem: problem ?? null };
    }),
  );

/** What did not get through, loudly: whoever does not know it believes that all is well. */
export const notTold = (told: readonly Told[]): string[] =>
  told.flatMap(({ region, problem }) => (problem === null ? [] : [`NOBODY IS TOLD in ${region}: ${problem}`]));

/** Addresses that nobody has confirmed, a line for each region that answers. */
export async function unconfirmedIn({ stacks }: EnvRecord, estate: Estate): Promise<string[]> {
  const found = stacks.filter(isController).map(async (stack) => {
    const open = await estate.unconfirmed(stack).catch((): readonly string[] => []);
    if (open.length === 0) return [];
    return [
      `NOT CONFIRMED in ${stack.region}: nothing is told to ${open.join(", ")} until the link in the mail of AWS is opened.`,
    ];
  });
  return (await Promise.all(found)).flat();
}

/** Tries whether alerts and alarms reach people. */
export async function alarm(args: { readonly env: string }, deps: Deps): Promise<Outcome> {
  const record = await requireEnv(deps.places, args.env);
  const estate = await deps.estate(record, await variablesOf(record.target, deps));
  const told = await tryAlarms(record.stacks, estate);
  const wrong = [...notTold(told), ...(await unconfirmedIn(record, estate))];
  if (wrong.length > 0) return failed({ told }, wrong.join("\n"));
  return done(
    { told },
    told.map(({ region }) => `${region}: a test message and a test alarm are on their way.`).join("\n"),
  );
}
