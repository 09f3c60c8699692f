import * as pulumi from "@pulumi/pulumi";
import type { KindStack } from "../../kinds/stack.js";

/** What is heard by one rule. */
export interface Heard {
  /** A kind, or the workflows of one. */
  readonly what: string;
  readonly description: string;
  readonly pattern: pulumi.Input<string>;
}

/** Where events are from. */
export interface Origin {
  readonly where: string;
  /** Only events that happened in this region; all without it. */
  readonly region?: string;
  /** ARNs there of a kind's state machine. */
  readonly machines: (kind: string, workflow: string) => readonly pulumi.Input<string>[];
}

type Stacks = Readonly<Record<string, Pick<KindStack, "events" | "workflows">>>;

const workflowsOf = (kind: string): string => `${kind}-workflows`;

/** The ends of an execution (Step Functions developer guide, "Automating Step Functions event delivery with EventBridge"): its start is our own. */
const ENDS = ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"];

/** Of each kind what its service says, where it says anything, and of a kind with workflows how they end. */
export function heardFrom(stacks: Stacks, { where, region, machines }: Origin): Heard[] {
  const from = region === undefined ? {} : { region: [region] };
  return Object.entries(stacks).flatMap(([kind, { events, workflows = [] }]) => {
    const service: Heard[] =
      events === undefined
        ? []
        : [
            {
              what: kind,
              description: `Events of ${kind} in ${where}`,
              pattern: JSON.stringify({ source: [events.source], "detail-type": events.detailTypes, ...from }),
            },
          ];
    if (workflows.length === 0) return service;
    const pattern = pulumi.jsonStringify({
      source: ["aws.states"],
      "detail-type": ["Step Functions Execution Status Change"],
      ...from,
      detail: { status: ENDS, stateMachineArn: workflows.flatMap((one) => machines(kind, one)) },
    });
    return [...service, { what: workflowsOf(kind), description: `Workflows of ${kind} in ${where} that end`, pattern }];
  });
}

/** What rules there are for, by the same table. */
export const heardOf = (stacks: Stacks): string[] =>
  Object.entries(stacks).flatMap(([kind, { events, workflows = [] }]) => [
    ...(events === undefined ? [] : [kind]),
    ...(workflows.length === 0 ? [] : [workflowsOf(kind)]),
  ]);
