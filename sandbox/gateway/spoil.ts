import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";
import type { Verdict } from "../faults/calls.js";
import type { AwsError } from "./errors.js";

/** Tells the process of a function how to end (sandbox/faults/worker.cjs). */
const FAULT_HEADER = "x-lockstep-fault";

/** Does what a fault says; whether that is the end of the call. */
export async function isSpoilt(
  verdict: Verdict,
  request: IncomingMessage,
  response: ServerResponse,
  refuse: (error: AwsError) => void,
): Promise<boolean> {
  switch (verdict.do) {
    case "refuse":
      refuse(verdict.error);
      return true;
    case "break":
      request.socket.destroy();
      return true;
    case "wait":
      await setTimeout(verdict.millis, undefined, { ref: false });
      return false;
    case "end":
      response.setHeader(FAULT_HEADER, verdict.how);
      return false;
  }
}
