import { S3Client } from "@aws-sdk/client-s3";
import { paginateListExecutions, SFNClient } from "@aws-sdk/client-sfn";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import * as v from "valibot";
import type { Memory, RunRequest, Settings } from "../../core/model/model.js";
import { names } from "../../core/names/names.js";
import { importersOf } from "../../functions/adopt/importers.js";
import { surveyAll } from "../../functions/lib/survey.js";
import { type Bucket, s3Bucket } from "../../functions/store/bucket.js";
import { makeLedger } from "../../functions/store/ledger.js";
import { readRefused } from "../../functions/store/refused.js";
import { readSettings } from "../../functions/store/settings.js";
import { backendsIn } from "../../kinds/backends.js";
import type { ClientConfig } from "../../kinds/purger.js";
import { RULES } from "../../kinds/rules.js";
import { CommandProblem, messageOf } from "../cli/outcome.js";
import { type Controller, controllersOf, type EnvRecord } from "../deploy/envs.js";
import { importing, writeImported } from "./adopting.js";
import { approve, heldBy } from "./approvals.js";
import { arnOf, type Caller, partitionOf } from "./caller.js";
import { clientConfig } from "./client-config.js";
import { timeAt } from "./clock.js";
import type { Deps, Estate, RunOrder } from "./deps.js";
import { invoke } from "./invoke.js";
import { ledgerSeen } from "./ledger-seen.js";
import { ledgerTable } from "./ledger-table.js";
import { purge, unpurgeable } from "./purge.js";
import { runsOf } from "./runs.js";
import { listenersOf } from "./subscriptions.js";
import { takingIn } from "./taking-in.js";
import { testAlarm } from "./test-alarm.js";
import type { Worlds } from "./worlds.js";

const Requested = v.object({ at: v.pipe(v.string(), v.isoTimestamp()) });

type Variables = Readonly<Record<string, string>>;

/** The AWS side of a deployed environment. What it must know follows from the names, so it works while a region is down. */
export async function awsEstate(
  record: EnvRecord,
  variables: Variables,
  clock: Pick<Deps, "now" | "sleep" | "interruption">,
): Promise<Estate> {
  const controllers = controllersOf(record);
  const primary = controllers.find((s) => s.role === "primary");
  if (!primary) throw new CommandProblem("usage", `Environment "${record.env}" has no primary stack.`);
  const config = (region: string) => clientConfig(region, variables);
  const caller = await callerOf(controllers.map((s) => config(s.region)));
  return {
    worlds: async () => worlds({ record, controllers, account: caller.account, now: await timeAt(variables) }, config),
    takingIn: async () => {
      const settings = await settingsOf(record, controllers, caller.account, config);
      return takingIn(importersIn(settings.region, config), settings, await timeAt(variables));
    },
    ledgers: () => Promise.all(controllers.map((one) => ledgerSeen(one, ledgerTable(record.deployment, one, config)))),
    trigger: (order) =>
      invokeTrigger(names(record.deployment, "primary").lambda("trigger"), order, config(primary.region)),
    importing: (asked, kinds) => importing(importersIn(primary.region, config), asked, kinds),
    import: (imported) => writeImported(record.deployment, imported, config(primary.region)),
    heldBy: (run) => heldBy(record, controllers, run, config),
    approve: (approval) => approve(record.deployment, controllers, approval, config),
    runs: async (since) => {
      const seen = controllers.map((s) => runsOf(record.deployment, s, { caller, since }, config(s.region)));
      return (await Promise.all(seen)).flat().sort((a, b) => a.endedAt - b.endedAt);
    },
    busy: async () => {
      const found = controllers.map(async (s) => {
        // First the events: one that has left its queue has started its execution.
        const waiting = await waitingIn(record.deployment, s, config(s.region));
        return [...waiting, ...(await runningIn(record.deployment, s, caller, config(s.region)))];
      });
      return (await Promise.all(found)).flat();
    },
    unpurgeable: (region) => unpurgeable(record.deployment, config(region)),
    purge: (region) => purge(record.deployment, config(region)),
    account: caller.account,
    testAlarm: (stack) => testAlarm(record.deployment, stack, config(stack.region), clock),
    listeners: (stack) => listenersOf(record.deployment, stack, caller, config(stack.region)),
  };
}

/** Who we are, asked in the first region that answers. */
async function callerOf(configs: readonly ClientConfig[]): Promise<Caller> {
  const problems: string[] = [];
  for (const config of configs) {
    try {
      const { Account, Arn } = await new STSClient(config).send(new GetCallerIdentityCommand({}));
      if (Account) return { account: Account, partition: partitionOf(Arn) };
      problems.push(`${config.region}: no account`);
    } catch (error) {
      problems.push(`${config.region}: ${messageOf(error)}`);
    }
  }
  throw new CommandProblem("failed", `AWS does not say who we are: ${problems.join("; ")}. Check the credentials.`);
}

interface Surveyed {
  readonly record: EnvRecord;
  readonly controllers: readonly Controller[];
  readonly account: string;
  readonly now: number;
}

const importersIn = (region: string, config: (region: string) => ClientConfig) =>
  importersOf(backendsIn(region, config));

async function worlds(
  { record, controllers, account, now }: Surveyed,
  config: (region: string) => ClientConfig,
): Promise<Worlds> {
  const settings = await settingsOf(record, controllers, account, config);
  const surveyed = await surveyAll({
    backends: backendsIn(settings.region, config),
    settings,
    requests: await requestsOf(record, controllers, config),
    memory: await memoryOf({ record, controllers, account }, config),
    now,
    rules: RULES,
  });
  const homes = controllers.filter((s) => s.role === "primary").map((s) => s.region);
  const [found, ...others] = surveyed.filter((one) => homes.includes(one.home));
  if (found) return [found, ...others];
  throw new CommandProblem(
    "failed",
    `The settings in ${settings.region} say nothing of ${homes.join(", ")}: deploy again.`,
  );
}

function bucketOf(
  deployment: string,
  { role, region }: Pick<Controller, "role" | "region">,
  account: string,
  config: ClientConfig,
): Bucket {
  const client = new S3Client({ ...config, forcePathStyle: true });
  return s3Bucket(client, names(deployment, role).bucket(account, region));
}

/** The settings as deployed: the primary's, or those of a DR stack where the primary cannot be reached. */
async function settingsOf(
  { deployment }: EnvRecord,
  controllers: readonly Controller[],
  account: string,
  config: (region: string) => ClientConfig,
): Promise<Settings> {
  const problems: string[] = [];
  for (const { role, region } of controllers.toSorted((a, b) => b.role.localeCompare(a.role))) {
    try {
      return await readSettings(bucketOf(deployment, { role, region }, account, config(region)), RULES);
    } catch (error) {
      problems.push(`${role} (${region}): ${messageOf(error)}`);
    }
  }
  const advice = "If the stacks are not deployed, run `lockstep up` first.";
  throw new CommandProblem("failed", `No stack's settings could be read: ${problems.join("; ")}. ${advice}`);
}

/** Requests that the primary has not served yet. Where it cannot be reached there are none: nobody there would serve them. */
async function requestsOf(
  { deployment }: EnvRecord,
  controllers: readonly Controller[],
  config: (region: string) => ClientConfig,
): Promise<RunRequest[]> {
  const primary = controllers.find((s) => s.role === "primary");
  if (!primary) return [];
  return makeLedger(ledgerTable(deployment, primary, config))
    .requests()
    .catch(() => []);
}

/** What the controllers remember, each of its own region. One that cannot be reached deletes nothing either. */
async function memoryOf(
  { record: { deployment }, controllers, account }: Omit<Surveyed, "now">,
  config: (region: string) => ClientConfig,
): Promise<Memory> {
  const buckets = controllers.map((one) => bucketOf(deployment, one, account, config(one.region)));
  const memories = controllers.map((one) =>
    makeLedger(ledgerTable(deployment, one, config))
      .memory()
      .catch((): Memory => ({ announced: [] })),
  );
  const all = await Promise.all(memories);
  return {
    announced: all.flatMap(({ announced }) => announced),
    selected: all.flatMap(({ selected }) => selected ?? []),
    approved: all.flatMap(({ approved }) => approved ?? []),
    // Of one that cannot be read all is waited for.
    refused: await readRefused(buckets, () => undefined),
  };
}

async function invokeTrigger(name: string, order: RunOrder, config: ClientConfig): Promise<number> {
  const { failed, text } = await invoke(name, { kind: "run", ...order }, config);
  const at = failed ? undefined : requestedAt(text);
  if (at !== undefined) return at;
  throw new CommandProblem("failed", `${name} (${config.region}) failed: ${text}`);
}

/** The trigger's answer: when the request was made, by its clock. */
function requestedAt(answer: string): number | undefined {
  const { output, success } = v.safeParse(v.pipe(v.string(), v.parseJson(), Requested), answer);
  return success ? Date.parse(output.at) : undefined;
}

async function runningIn(deployment: string, s: Controller, caller: Caller, config: ClientConfig): Promise<string[]> {
  const machine = names(deployment, s.role).stateMachine;
  const input = {
    stateMachineArn: arnOf(caller, "states", s.region, `stateMachine:${machine}`),
    statusFilter: "RUNNING",
  } as const;
  let count = 0;
  for await (const page of paginateListExecutions({ client: new SFNClient(config) }, input)) {
    count += page.executions?.length ?? 0;
  }
  return count === 0 ? [] : [`${machine} in ${s.region}`];
}

/** Events that wait for their batch: the run that they will make is still to come. */
async function waitingIn(deployment: string, s: Controller, config: ClientConfig): Promise<string[]> {
  const { events } = names(deployment, s.role);
  const sqs = new SQSClient(config);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: events }));
  const AttributeNames = ["ApproximateNumberOfMessages" as const, "ApproximateNumberOfMessagesNotVisible" as const];
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
  const count = AttributeNames.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  return count === 0 ? [] : [`${events} in ${s.region}`];
}
