import type { Plane, PlaneContext, PlaneRequest, PlaneResponse } from "../plane.js";
import type { Call } from "./call.js";
import { Delivery, type Invoker } from "./delivery.js";
import { createGroup, deleteGroup, getGroup, listGroups } from "./groups.js";
import { type Schedule, SchedulerError } from "./model.js";
import {
  createSchedule,
  deleteSchedule,
  getSchedule,
  listSchedules,
  scheduleArn,
  updateSchedule,
} from "./schedules.js";
import { Store } from "./store.js";
import { listTags, tag, untag } from "./tagging.js";
import { Timer } from "./timer.js";

type Action = (call: Call) => unknown;

/** EventBridge Scheduler's API (API reference): method, path, action. */
const ACTIONS: readonly (readonly [method: string, path: RegExp, name: string, action: Action])[] = [
  ["POST", /^\/schedules\/([^/]+)$/, "CreateSchedule", createSchedule],
  ["GET", /^\/schedules\/([^/]+)$/, "GetSchedule", getSchedule],
  ["PUT", /^\/schedules\/([^/]+)$/, "UpdateSchedule", updateSchedule],
  ["DELETE", /^\/schedules\/([^/]+)$/, "DeleteSchedule", deleteSchedule],
  ["GET", /^\/schedules$/, "ListSchedules", listSchedules],
  ["POST", /^\/schedule-groups\/([^/]+)$/, "CreateScheduleGroup", createGroup],
  ["GET", /^\/schedule-groups\/([^/]+)$/, "GetScheduleGroup", getGroup],
  ["DELETE", /^\/schedule-groups\/([^/]+)$/, "DeleteScheduleGroup", deleteGroup],
  ["GET", /^\/schedule-groups$/, "ListScheduleGroups", listGroups],
  ["POST", /^\/tags\/(.+)$/, "TagResource", tag],
  ["DELETE", /^\/tags\/(.+)$/, "UntagResource", untag],
  ["GET", /^\/tags\/(.+)$/, "ListTagsForResource", listTags],
];

/** A schedule that fired: its ARN, and the time that it was for. */
export interface Firing {
  readonly schedule: string;
  readonly at: number;
}

export interface SchedulerPlane extends Plane {
  /** When the next schedule is due, of those that are enabled. */
  nextDue(): number | undefined;
  /** How many times schedules come due until then, counted up to `most`. */
  countUntil(time: number, most: number): number;
  /** Fires each schedule that is due, once; to be called when the clock was moved. Ends when the targets have taken it. */
  fireDue(): Promise<Firing[]>;
}

/** EventBridge Scheduler. Time zones and daylight saving as AWS has them; targets are invoked through the sandbox. */
export function createSchedulerPlane(context: PlaneContext, invoker: Invoker): SchedulerPlane {
  const store = new Store(context.stateDir);
  const delivery = new Delivery(invoker);
  const arnOf = (schedule: Schedule) => scheduleArn(context.account, schedule);
  const timer = new Timer(
    store,
    () => context.now(),
    (schedule, due) => delivery.start(schedule, arnOf(schedule), due),
  );
  timer.run();
  return {
    service: "scheduler",
    nextDue: () => timer.nextDue(),
    countUntil: (time, most) => timer.countUntil(time, most),
    fireDue: async () => {
      const fired = timer.run();
      await Promise.all(fired.map(({ taken }) => taken));
      return fired.map(({ schedule, due }) => ({ schedule: arnOf(schedule), at: due }));
    },
    handle: async (request) => {
      const answer = handle(request, store, context.now());
      timer.run();
      return answer;
    },
    reset: async () => {
      store.clear();
      timer.run();
    },
    close: async () => {
      timer.close();
      delivery.close();
    },
  };
}

function handle(request: PlaneRequest, store: Store, now: number): PlaneResponse {
  const path = request.path.replace(/\/$/, "");
  const found = ACTIONS.find(([method, pattern]) => method === request.method && pattern.test(path));
  const action = found?.[2] ?? `${request.method} ${path}`;
  try {
    if (!found) throw new SchedulerError("ValidationException", `the sandbox does not know scheduler:${action}`);
    const name = decodeURIComponent(found[1].exec(path)?.[1] ?? "");
    const { region, account, query } = request;
    const value = found[3]({ region, account, name, query, body: parse(request.body), now, store });
    return { action, status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(value ?? {}) };
  } catch (error) {
    if (!(error instanceof SchedulerError)) throw error;
    return {
      action,
      status: error.status,
      headers: { "content-type": "application/json", "x-amzn-errortype": error.code },
      body: JSON.stringify({ Message: error.message }),
    };
  }
}

function parse(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    // A JSON object; its values stay unknown.
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new SchedulerError("ValidationException", "the body must be a JSON object");
}
