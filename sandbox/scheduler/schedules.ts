import type { Call } from "./call.js";
import { requireGroup } from "./groups.js";
import { optionalText, parseSettings } from "./input.js";
import { DEFAULT_GROUP, invalid, type Schedule, SchedulerError } from "./model.js";
import { checkName, checkQuery, page } from "./paging.js";
import { dueAfter } from "./timer.js";

export function scheduleArn(account: string, { region, group, name }: Schedule): string {
  return `arn:aws:scheduler:${region}:${account}:schedule/${group}/${name}`;
}

export function createSchedule(call: Call): unknown {
  const { store, region, name, now, body } = call;
  checkName(name);
  const settings = parseSettings(body, now);
  const group = optionalText(body, "GroupName") ?? DEFAULT_GROUP;
  requireGroup(call, group);
  const token = optionalText(body, "ClientToken");
  const existing = store.schedule(region, group, name);
  if (existing) {
    if (token !== undefined && existing.token === token) return { ScheduleArn: scheduleArn(call.account, existing) };
    throw new SchedulerError("ConflictException", `Schedule ${name} already exists.`);
  }
  const made = { ...settings, region, group, name, createdAt: now, changedAt: now, ...(token ? { token } : {}) };
  return save(call, made);
}

/** All settings are replaced; what is not given gets its default (UpdateSchedule API reference). */
export function updateSchedule(call: Call): unknown {
  const { store, region, name, now, body } = call;
  const settings = parseSettings(body, now);
  const existing = require(call, optionalText(body, "GroupName") ?? DEFAULT_GROUP);
  const { group, createdAt, token } = existing;
  store.deleteSchedule(existing);
  return save(call, { ...settings, region, group, name, createdAt, changedAt: now, ...(token ? { token } : {}) });
}

function save(call: Call, schedule: Schedule): unknown {
  const due = dueAfter(schedule, call.now - 1);
  call.store.putSchedule(due === undefined ? schedule : { ...schedule, due });
  return { ScheduleArn: scheduleArn(call.account, schedule) };
}

export function getSchedule(call: Call): unknown {
  checkQuery(call.query, ["groupName"]);
  const schedule = require(call, call.query.get("groupName") ?? DEFAULT_GROUP);
  const { region: _region, group, name, createdAt, changedAt, token: _token, due: _due, ...settings } = schedule;
  return {
    ...settings,
    Arn: scheduleArn(call.account, schedule),
    GroupName: group,
    Name: name,
    CreationDate: createdAt / 1000,
    LastModificationDate: changedAt / 1000,
    ...(settings.StartDate === undefined ? {} : { StartDate: settings.StartDate / 1000 }),
    ...(settings.EndDate === undefined ? {} : { EndDate: settings.EndDate / 1000 }),
  };
}

export function deleteSchedule(call: Call): unknown {
  checkQuery(call.query, ["groupName", "clientToken"]);
  call.store.deleteSchedule(require(call, call.query.get("groupName") ?? DEFAULT_GROUP));
  return {};
}

export function listSchedules(call: Call): unknown {
  const { query, store, region } = call;
  checkQuery(query, ["ScheduleGroup", "NamePrefix", "State", "NextToken", "MaxResults"]);
  const group = query.get("ScheduleGroup");
  const prefix = query.get("NamePrefix") ?? "";
  const state = query.get("State");
  if (state !== null && state !== "ENABLED" && state !== "DISABLED") throw invalid("State must be ENABLED or DISABLED");
  const found = store
    .schedules(region)
    .filter(
      (s) =>
        (group === null || s.group === group) && s.name.startsWith(prefix) && (state === null || s.State === state),
    );
  const { items, next } = page(found, query);
  return {
    Schedules: items.map((schedule) => ({
      Arn: scheduleArn(call.account, schedule),
      Name: schedule.name,
      GroupName: schedule.group,
      State: schedule.State,
      CreationDate: schedule.createdAt / 1000,
      LastModificationDate: schedule.changedAt / 1000,
      Target: { Arn: schedule.Target.Arn },
    })),
    ...next,
  };
}

function require({ store, region, name }: Call, group: string): Schedule {
  const schedule = store.schedule(region, group, name);
  if (!schedule) throw new SchedulerError("ResourceNotFoundException", `Schedule ${name} does not exist.`);
  return schedule;
}
