import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { EVENTS } from "../../kinds/events.js";
import { readEnv, readStateMachineArn } from "../lib/env.js";
import { makeRuntime } from "../lib/runtime.js";
import { makeLedger } from "../store/ledger.js";
import { makeTrigger } from "./trigger.js";

const env = readEnv(process.env);
const stateMachineArn = readStateMachineArn(process.env);
const { lease, log, table } = makeRuntime(env, "trigger");
const ledger = makeLedger(table);
const machine = new SFNClient({ region: env.region, retryMode: "adaptive" });

/** Started by schedules, ticks, batches of events and `lockstep run`. */
export const handler = makeTrigger({
  lease,
  ledger,
  log,
  role: env.role,
  events: EVENTS,
  now: Date.now,
  start: async (reason) => {
    const input = JSON.stringify({ reason });
    const { executionArn } = await machine.send(new StartExecutionCommand({ stateMachineArn, input }));
    return executionArn ?? "";
  },
});
