import type { EC2Client, Tag } from "@aws-sdk/client-ec2";
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { FSxClient } from "@aws-sdk/client-fsx";
import type { SchedulerClient } from "@aws-sdk/client-scheduler";
import type { SQSClient } from "@aws-sdk/client-sqs";
import * as v from "valibot";

/** The two regions of a run: where things are made, and where they are copied to. */
export type Side = "home" | "away";

/** What a probe may use. */
export interface Session {
  /** Tells this run apart; part of names, value of the tag that all it makes carries. */
  readonly run: string;
  readonly regions: Readonly<Record<Side, string>>;
  ec2(side: Side): EC2Client;
  fsx(side: Side): FSxClient;
  events(side: Side): EventBridgeClient;
  queues(side: Side): SQSClient;
  schedules(side: Side): SchedulerClient;
  /** The run's own tag and those given. */
  tags(...more: readonly Tag[]): Tag[];
  /** Gives an id a name that stands for it in recordings, so that other probes can use it. */
  keep(name: string, id: string | undefined): string;
  /** The id of that name. @throws NotMade where the probe that should have made it could not */
  id(name: string): string;
  /** Something to be removed when the run ends, however it ends. */
  made(thing: Made): void;
  /** Asks again until the answer is as wanted. @throws TooLate with what was seen last */
  until<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T>;
}

/** Something that a run made. */
export interface Made {
  readonly what: string;
  readonly region: string;
  /** Removes it; that it is gone already is no error. */
  remove(): Promise<void>;
}

/** One thing that we believe of AWS, and how to ask AWS whether it is so. */
export interface Probe {
  /** Lower-case words with dashes; no two probes share one. */
  readonly name: string;
  /** What our planes do, because the source says that AWS does it. */
  readonly behaviour: string;
  /** The page of AWS's documentation. */
  readonly source: string;
  /** Why the sandbox cannot answer like AWS: its answer is then neither recorded nor compared. */
  readonly lacking?: string;
  /** What counts of the answer; an error that AWS answers with is thrown on and recorded. */
  ask(session: Session): Promise<unknown>;
}

/** Something that another probe should have made is not there. */
export class NotMade extends Error {
  override readonly name = "NotMade";
}

/** Something did not come within the time that a run waits for it. */
export class TooLate extends Error {
  override readonly name = "TooLate";
}

const Answer = v.variant("kind", [
  v.strictObject({ kind: v.literal("answer"), answer: v.unknown() }),
  v.strictObject({ kind: v.literal("error"), code: v.string(), status: v.number(), message: v.string() }),
  v.strictObject({ kind: v.literal("not asked"), reason: v.string() }),
]);

/** What AWS, or the sandbox, answered to a probe; everything that differs from run to run has a placeholder. */
export type Answer = v.InferOutput<typeof Answer>;

/** The format of recordings; another one is not understood. */
export const FORMAT = 1;

export const Recording = v.strictObject({
  format: v.literal(FORMAT),
  /** Who answered. */
  from: v.picklist(["aws", "sandbox"]),
  /** The day, in UTC. */
  date: v.pipe(v.string(), v.isoDate()),
  regions: v.strictObject({ home: v.string(), away: v.string() }),
  answers: v.record(v.string(), Answer),
});

/** All answers of one run. */
export type Recording = v.InferOutput<typeof Recording>;
