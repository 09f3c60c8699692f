import type { Call } from "./call.js";
import { knows, optionalText, parseTags } from "./input.js";
import { DEFAULT_GROUP, type Group, invalid, SchedulerError } from "./model.js";
import { checkName, checkQuery, page } from "./paging.js";

export function groupArn(account: string, { region, name }: Group): string {
  return `arn:aws:scheduler:${region}:${account}:schedule-group/${name}`;
}

/** Every region has the group `default` from the start. */
function find({ store, region }: Call, name: string): Group | undefined {
  return store.group(region, name) ?? (name === DEFAULT_GROUP ? { region, name, createdAt: 0, tags: {} } : undefined);
}

export function requireGroup(call: Call, name: string): Group {
  const group = find(call, name);
  if (!group) throw new SchedulerError("ResourceNotFoundException", `Schedule group ${name} does not exist.`);
  return group;
}

export function createGroup(call: Call): unknown {
  const { store, region, name, now, body, account } = call;
  checkName(name);
  knows(body, ["ClientToken", "Tags"], "");
  const token = optionalText(body, "ClientToken");
  const existing = find(call, name);
  if (existing && (token === undefined || existing.token !== token)) {
    throw new SchedulerError("ConflictException", `Schedule group ${name} already exists.`);
  }
  const group = existing ?? {
    region,
    name,
    createdAt: now,
    tags: parseTags(body["Tags"]),
    ...(token ? { token } : {}),
  };
  store.putGroup(group);
  return { ScheduleGroupArn: groupArn(account, group) };
}

const view = (account: string, group: Group) => ({
  Arn: groupArn(account, group),
  Name: group.name,
  State: "ACTIVE",
  CreationDate: group.createdAt / 1000,
  LastModificationDate: group.createdAt / 1000,
});

export function getGroup(call: Call): unknown {
  return view(call.account, requireGroup(call, call.name));
}

export function deleteGroup(call: Call): unknown {
  checkQuery(call.query, ["clientToken"]);
  if (call.name === DEFAULT_GROUP) throw invalid("The default schedule group cannot be deleted.");
  call.store.deleteGroup(requireGroup(call, call.name));
  return {};
}

export function listGroups(call: Call): unknown {
  const { query, store, region, account } = call;
  checkQuery(query, ["NamePrefix", "NextToken", "MaxResults"]);
  const prefix = query.get("NamePrefix") ?? "";
  const own = store.groups(region);
  const all = own.some(({ name }) => name === DEFAULT_GROUP) ? own : [requireGroup(call, DEFAULT_GROUP), ...own];
  const { items, next } = page(
    all.filter(({ name }) => name.startsWith(prefix)),
    query,
  );
  return { ScheduleGroups: items.map((group) => view(account, group)), ...next };
}
