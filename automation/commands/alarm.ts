import { done, failed, messageOf, type Outcome } from "../cli/outcome.js";
import { controllersOf, type EnvRecord, requireEnv, type StackRecord } from "../deploy/envs.js";
import type { Deps, Estate } from "../estate/deps.js";
import { unheard } from "../estate/subscriptions.js";
import { variablesOf } from "../estate/target.js";

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

/** What keeps people from being told, whatever is sent: a line for each cause, in each region that answers. */
export async function unheardIn(record: EnvRecord, estate: Estate): Promise<string[]> {
  const found = controllersOf(record).map(async (stack) => {
    const causes = await estate.listeners(stack).then(unheard, () => []);
    return causes.map(({ headline, why }) => `${headline} in ${stack.region}: ${why}.`);
  });
  return (await Promise.all(found)).flat();
}

/** Tries whether alerts and alarms reach people. */
export async function alarm(args: { readonly env: string }, deps: Deps): Promise<Outcome> {
  const record = await requireEnv(deps.places, args.env);
  const estate = await deps.estate(record, await variablesOf(record.target, deps));
  const told = await tryAlarms(record.stacks, estate);
  const wrong = [...notTold(told), ...(await unheardIn(record, estate))];
  if (wrong.length > 0) return failed({ told }, wrong.join("\n"));
  return done(
    { told },
    told.map(({ region }) => `${region}: a test message and a test alarm are on their way.`).join("\n"),
  );
}
