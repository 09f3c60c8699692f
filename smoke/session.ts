import { EC2Client, type Tag } from "@aws-sdk/client-ec2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { FSxClient } from "@aws-sdk/client-fsx";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SQSClient } from "@aws-sdk/client-sqs";
import { clientConfig } from "../automation/estate/client-config.js";
import { NotMade, type Session, type Side, TooLate } from "./model.js";
import { Placeholders } from "./normalise.js";
import type { Removal } from "./removal.js";

/** Marks everything that a smoke test makes; its value is the run. */
export const SMOKE_TAG = "lockstep:smoke";

export interface SessionOptions {
  readonly run: string;
  readonly regions: Readonly<Record<Side, string>>;
  /** Environment variables that lead to the target. */
  readonly variables: Readonly<Record<string, string>>;
  readonly removal: Removal;
  readonly signal: AbortSignal;
  /** How long something may take to come, in milliseconds. */
  readonly patienceMs: number;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** Pause between two looks; the sandbox is faster than AWS, which throttles. */
const LOOK_MS = { first: 250, longest: 5_000 };

/** A session, and the placeholders for what it makes. */
export function openSession(options: SessionOptions): {
  readonly session: Session;
  readonly placeholders: Placeholders;
} {
  const { run, regions, variables, removal, signal } = options;
  const placeholders = new Placeholders(run, regions);
  const ids = new Map<string, string>();
  const of = <Client>(type: new (config: ReturnType<typeof clientConfig>) => Client) => {
    const clients = new Map<Side, Client>();
    return (side: Side): Client => {
      const client = clients.get(side) ?? new type(clientConfig(regions[side], variables));
      clients.set(side, client);
      return client;
    };
  };
  const session: Session = {
    run,
    regions,
    ec2: of(EC2Client),
    fsx: of(FSxClient),
    events: of(EventBridgeClient),
    queues: of(SQSClient),
    schedules: of(SchedulerClient),
    tags: (...more: readonly Tag[]) => [{ Key: SMOKE_TAG, Value: run }, ...more],
    keep: (name, id) => {
      if (id === undefined) throw new NotMade(`AWS gave no id for ${name}`);
      ids.set(name, id);
      placeholders.name(id, name);
      return id;
    },
    id: (name) => {
      const id = ids.get(name);
      if (id === undefined) throw new NotMade(`there is no ${name}`);
      return id;
    },
    made: (thing) => removal.add(thing),
    until: async (ask, isSo) => {
      const deadline = options.now() + options.patienceMs;
      for (let pause = LOOK_MS.first; ; pause = Math.min(2 * pause, LOOK_MS.longest)) {
        signal.throwIfAborted();
        const answer = await ask();
        if (isSo(answer)) return answer;
        if (options.now() > deadline)
          throw new TooLate(
            `not within ${options.patienceMs / 1000} s; last seen: ${placeholders.text(JSON.stringify(answer))}`,
          );
        await options.sleep(pause);
      }
    },
  };
  return { session, placeholders };
}
