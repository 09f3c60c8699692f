import type { Call } from "./call.js";
import { groupArn, requireGroup } from "./groups.js";
import { knows, parseTags } from "./input.js";
import { type Group, invalid } from "./model.js";
import { checkQuery } from "./paging.js";

/** Only groups have tags (TagResource API reference). */
function tagged(call: Call): Group {
  const [, region, name] = /^arn:aws:scheduler:([^:]+):\d{12}:schedule-group\/([^/]+)$/.exec(call.name) ?? [];
  if (region !== call.region || name === undefined) throw invalid(`${call.name} is not the ARN of a schedule group`);
  const group = requireGroup(call, name);
  if (groupArn(call.account, group) !== call.name) throw invalid(`${call.name} is of another account`);
  return group;
}

export function tag(call: Call): unknown {
  knows(call.body, ["Tags"], "");
  const group = tagged(call);
  call.store.putGroup({ ...group, tags: { ...group.tags, ...parseTags(call.body["Tags"]) } });
  return {};
}

export function untag(call: Call): unknown {
  checkQuery(call.query, ["TagKeys"]);
  const group = tagged(call);
  const gone = call.query.getAll("TagKeys");
  const left = Object.entries(group.tags).filter(([key]) => !gone.includes(key));
  call.store.putGroup({ ...group, tags: Object.fromEntries(left) });
  return {};
}

export function listTags(call: Call): unknown {
  return { Tags: Object.entries(tagged(call).tags).map(([Key, Value]) => ({ Key, Value })) };
}
