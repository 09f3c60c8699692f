import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";
import type { ServiceAnswer } from "../emulator/service-calls.js";
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

/**
 * What a fault makes of a call that the sandbox makes itself, as Scheduler does: the answer instead, or none. Whoever calls is no
 * function, so there is no process to end.
 */
export async function spoiltAnswer(verdict: Verdict | undefined): Promise<ServiceAnswer | undefined> {
  switch (verdict?.do) {
    case "refuse": {
      const { status, code, message } = verdict.error;
      return { status, body: JSON.stringify({ __type: code, message }) };
    }
    case "break":
      throw new Error("the connection was broken, as the sandbox was asked to");
    case "wait":
      await setTimeout(verdict.millis, undefined, { ref: false });
      return undefined;
    case "end":
    case undefined:
      return undefined;
  }
}
