import * as v from "valibot";
import { names } from "../names/names.js";
import { ROLES } from "../names/role.js";
import { isObject } from "./fields.js";
import { defaultKinds, type Kinds } from "./kinds.js";
import { NAME_WANT } from "./place.js";
import { rule, type Tell } from "./rules.js";
import { KEEPS_ALL, ROOM } from "./tags.js";

const SCHEDULE_MAX = 64;

const text = v.fallback(v.string(), "");
const listOf = <T>(item: v.GenericSchema<unknown, T>) => v.fallback(v.array(item), []);
const keysOf = v.pipe(
  v.unknown(),
  v.transform((value) => (isObject(value) ? Object.keys(value) : [])),
);
const part = <E extends v.ObjectEntries>(entries: E) =>
  v.pipe(
    v.unknown(),
    v.transform((value) => (isObject(value) ? value : {})),
    v.object(entries),
  );

/** As much of a stack's settings as the rules between them look at, whatever is wrong with the rest: empty where it is. */
const Outline = part({
  deployment: text,
  role: v.fallback(v.picklist(ROLES), "primary"),
  region: text,
  peers: listOf(text),
  tags: v.fallback(keysOf, []),
  tagNames: v.fallback(v.object({ keepForever: text }), { keepForever: "" }),
  policies: listOf(
    part({
      name: text,
      kinds: v.fallback(v.optional(v.array(v.string())), undefined),
      pointTags: v.fallback(keysOf, []),
      copy: listOf(part({ region: text })),
    }),
  ),
});
type Outline = v.InferOutput<typeof Outline>;
type OutlinedPolicy = Outline["policies"][number];

function lookAtPeers({ role, region, peers }: Outline, tell: Tell): void {
  peers.forEach((peer, i) => {
    if (peer !== "" && peer === region) tell(["peers", i], peer, "another region than this stack's own");
  });
  if (role === "dr" && peers.length === 0)
    tell(["peers"], peers, "at least one region, since a dr stack copies from its peers");
}

function lookAtTags({ tags, tagNames }: Outline, tell: Tell): void {
  const { keepForever } = tagNames;
  if (tags.includes(keepForever)) tell(["tags", keepForever], keepForever, KEEPS_ALL);
}

function lookAtName({ name }: OutlinedPolicy, at: number, { deployment, role, policies }: Outline, tell: Tell): void {
  const key = ["policies", at, "name"] as const;
  const room = SCHEDULE_MAX - names(deployment, role).policySchedule("").length;
  const first = policies.findIndex((policy) => policy.name === name);
  if (name.length > room) tell(key, name, `${NAME_WANT}, at most ${room} long`);
  else if (name !== "" && first < at) tell(key, name, `a name of its own; policies[${first}] has it`);
}

function lookAtPointTags({ pointTags }: OutlinedPolicy, at: number, { tags, tagNames }: Outline, tell: Tell): void {
  const key = ["policies", at, "pointTags"] as const;
  if (pointTags.length === 0) return;
  const room = ROOM - tags.length;
  // Name is counted already.
  const count = pointTags.filter((name) => name !== "Name").length;
  if (count > room) tell(key, count, `at most ${room} beside Name, since AWS allows 50 with ours and lockstep:tags`);
  for (const name of pointTags) {
    if (name === tagNames.keepForever) tell([...key, name], name, KEEPS_ALL);
    else if (tags.includes(name)) tell([...key, name], name, "a key that lockstep:tags does not have");
  }
}

function lookAtCopies({ copy }: OutlinedPolicy, at: number, { role, region, peers }: Outline, tell: Tell): void {
  if (role !== "primary") return;
  copy.forEach(({ region: to }, i) => {
    const key = ["policies", at, "copy", i, "region"] as const;
    if (to === "") return;
    if (to === region) tell(key, to, "another region than the points' own");
    else if (!peers.includes(to)) tell(key, to, `one of the peers: ${peers.join(", ") || "none"}`);
  });
}

/** What a kind cannot do is said here, and not by AWS at night. */
function lookAtAbilities(policy: OutlinedPolicy, at: number, outline: Outline, kinds: Kinds, tell: Tell): void {
  const { role, region, peers } = outline;
  const homes = role === "primary" ? [region] : peers;
  const wanted = policy.kinds ?? defaultKinds(kinds);
  policy.copy.forEach(({ region: to }, i) => {
    const whys = Object.values(kinds).flatMap(({ resourceKinds, config }) => {
      const asked = resourceKinds.filter((one) => wanted.includes(one));
      const copies = asked.flatMap((resourceKind) => homes.map((from) => ({ resourceKind, from, to })));
      return copies.map((copy) => config.cannotCopy?.(copy));
    });
    // Where it can be done for some of them, it is done for those.
    const [why] = whys;
    if (to !== "" && why !== undefined && !whys.includes(undefined))
      tell(["policies", at, "copy", i, "region"], to, `nothing: ${why}`);
  });
}

/** A dr stack that no policy copies to would do nothing, and nobody would hear of it. */
function lookForCopies({ role, region, policies }: Outline, tell: Tell): void {
  const regions = policies.flatMap(({ copy }) => copy.map((rule) => rule.region)).filter((one) => one !== "");
  if (role !== "dr" || region === "" || policies.length === 0 || regions.includes(region)) return;
  const named = [...new Set(regions)].join(", ") || "none";
  tell(["region"], region, `a region that a policy copies to, since this is a dr stack: ${named}`);
}

/** Rules between the settings of a stack. */
export const betweenSettings = <T>(kinds: Kinds) =>
  rule<T>((value, tell) => {
    const outline = v.parse(Outline, value);
    lookAtPeers(outline, tell);
    lookAtTags(outline, tell);
    outline.policies.forEach((policy, i) => {
      lookAtPointTags(policy, i, outline, tell);
      lookAtCopies(policy, i, outline, tell);
      lookAtAbilities(policy, i, outline, kinds, tell);
      lookAtName(policy, i, outline, tell);
    });
    lookForCopies(outline, tell);
  });
