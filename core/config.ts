import { Checks, ConfigError } from "./checks.js";
import { DURATION_WANT, parseDuration } from "./duration.js";
import { APPROVE_ABOVE } from "./guard.js";
import { readPointTags } from "./label-config.js";
import { readLock } from "./lock-config.js";
import type { CopyRule, Mode, Policy, Role, Settings, TagNames } from "./model.js";
import { FUNCTIONS, names } from "./names.js";
import {
  readAlso,
  readCopyTags,
  readExclude,
  readInclude,
  readKinds,
  readKmsKey,
  readSchedule,
  readSource,
} from "./policy-config.js";
import { RECORDED_MAX, recordedAt } from "./recorded.js";
import { readRetain } from "./retain-config.js";
import { readSelect } from "./select-config.js";
import { readTagNames, readTags } from "./tag-config.js";

export { ConfigError } from "./checks.js";

const DEFAULT_DEPLOYMENT = "lockstep";

const REGION = /^[a-z]{2,4}(-[a-z]+)?-(north|south|east|west|central|northeast|northwest|southeast|southwest)-[1-9]$/;
const REGION_WANT = "an AWS region like us-east-1";
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const NAME_WANT = "lower case letters, digits and single hyphens, a letter first";

/** Room for the part of an IAM role's name that tells its duty. */
const DUTY_MAX = 16;
/** The longest region names today, like ap-southeast-2: a deployment must fit in its peers too. */
const LONGEST_REGION = "ap-southeast-2";
const LAMBDA_MAX = 64;
const IAM_ROLE_MAX = 64;
const BUCKET_MAX = 63;
const SCHEDULE_MAX = 64;
/** Prefixes that S3 reserves (S3 user guide, bucket naming rules); `xn--` cannot be a name here. */
const RESERVED = /^(sthree-|amzn-s3-demo-)/;

/** How long a deployment's name may be so that all names made of it fit their service's limit, in either role. */
function deploymentMax(): number {
  const rooms = (["primary", "dr"] as const).flatMap((role) => {
    const of = names("", role);
    return [
      ...FUNCTIONS.map((fn) => LAMBDA_MAX - of.lambda(fn).length),
      IAM_ROLE_MAX - of.iamRole(LONGEST_REGION, "x".repeat(DUTY_MAX)).length,
      BUCKET_MAX - of.bucket("0".repeat(12), LONGEST_REGION).length,
    ];
  });
  return Math.min(...rooms);
}

function readDeployment(checks: Checks, value: unknown): string {
  const max = deploymentMax();
  const fits = (text: string): boolean => NAME.test(text) && text.length <= max && !RESERVED.test(`${text}-`);
  return checks.text("deployment", value ?? DEFAULT_DEPLOYMENT, fits, `${NAME_WANT}, at most ${max} long`);
}

function readRole(checks: Checks, value: unknown): Role {
  if (value === "primary" || value === "dr") return value;
  checks.add("role", value, '"primary" or "dr"');
  return "primary";
}

function readMode(checks: Checks, value: unknown): Mode {
  if (value === undefined || value === "act" || value === "plan") return value ?? "act";
  checks.add("mode", value, '"act" or "plan"');
  return "act";
}

const readRegion = (checks: Checks, key: string, value: unknown): string =>
  checks.text(key, value, (text) => REGION.test(text), REGION_WANT);

function readPeers(checks: Checks, value: unknown, role: Role, own: string): string[] {
  const want = "a list of the other regions, like [us-west-2]";
  const list = checks.list("peers", value ?? [], want);
  const peers = list.map((peer, i) => readRegion(checks, `peers[${i}]`, peer));
  peers.forEach((peer, i) => {
    if (peer === "") return;
    if (peer === own) checks.add(`peers[${i}]`, peer, "another region than this stack's own");
    else if (peers.indexOf(peer) < i) checks.add(`peers[${i}]`, peer, "each region once");
  });
  if (role === "dr" && list.length === 0 && Array.isArray(value ?? [])) {
    checks.add("peers", value, "at least one region, since a dr stack copies from its peers");
  }
  return peers;
}

interface Stack {
  readonly deployment: string;
  readonly role: Role;
  readonly region: string;
  readonly peers: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly tagNames: TagNames;
}

function readCopy(checks: Checks, key: string, value: unknown, stack: Stack): CopyRule[] {
  const list = checks.list(key, value ?? [], "a list like [{ region: us-west-2, retain: { count: 3 } }]");
  const rules = list.map((raw, i): CopyRule => {
    const fields = checks.object(
      `${key}[${i}]`,
      raw,
      ["region", "kmsKey", "retain", "lock"],
      "a region with its retain",
    );
    const region = readRegion(checks, `${key}[${i}].region`, fields["region"]);
    const kmsKey = readKmsKey(checks, `${key}[${i}].kmsKey`, fields["kmsKey"], region);
    const retain = readRetain(checks, `${key}[${i}].retain`, fields["retain"]);
    const lock = readLock(checks, `${key}[${i}].lock`, fields["lock"]);
    return { region, retain, ...(kmsKey === undefined ? {} : { kmsKey }), ...(lock === undefined ? {} : { lock }) };
  });
  rules.forEach(({ region }, i) => {
    const path = `${key}[${i}].region`;
    if (region === "") return;
    if (rules.findIndex((rule) => rule.region === region) < i) checks.add(path, region, "each region once");
    if (stack.role !== "primary") return;
    if (region === stack.region) checks.add(path, region, "another region than the points' own");
    else if (!stack.peers.includes(region))
      checks.add(path, region, `one of the peers: ${stack.peers.join(", ") || "none"}`);
  });
  return rules;
}

/** The rule is a tag of each point, which has only so much room. */
function checkRecord(checks: Checks, key: string, policy: Policy, stack: Stack): Policy {
  const { length } = recordedAt(policy, stack.region, stack.region);
  if (length > RECORDED_MAX) checks.add(`${key}.copy`, policy.copy.length, "fewer regions: a tag has to name them all");
  return policy;
}

function readPolicy(checks: Checks, key: string, raw: unknown, stack: Stack): Policy {
  const known = [
    ...["name", "select", "kinds", "include", "also", "source", "schedule", "timezone"],
    ...["exclude", "copyTags", "pointTags", "retain", "lock", "copy"],
  ];
  const fields = checks.object(key, raw, known, `a policy with ${known.join(", ")}`);
  const room = SCHEDULE_MAX - names(stack.deployment, stack.role).policySchedule("").length;
  const fits = (text: string): boolean => NAME.test(text) && text.length <= room;
  const kinds = readKinds(checks, `${key}.kinds`, fields["kinds"]);
  const include = readInclude(checks, `${key}.include`, fields["include"]);
  const also = readAlso(checks, `${key}.also`, fields["also"], kinds);
  const source = readSource(checks, key, fields, kinds);
  const schedule = readSchedule(checks, key, fields, source === "any");
  const exclude = readExclude(checks, `${key}.exclude`, fields["exclude"]);
  const copyTags = readCopyTags(checks, `${key}.copyTags`, fields["copyTags"]);
  const pointTags = readPointTags(checks, `${key}.pointTags`, fields["pointTags"], stack);
  const lock = readLock(checks, `${key}.lock`, fields["lock"]);
  const policy: Policy = {
    name: checks.text(`${key}.name`, fields["name"], fits, `${NAME_WANT}, at most ${room} long`),
    select: readSelect(checks, `${key}.select`, fields["select"]),
    ...(kinds === undefined ? {} : { kinds }),
    ...(include === undefined ? {} : { include }),
    ...(also === undefined ? {} : { also }),
    ...(source === undefined ? {} : { source }),
    ...schedule,
    ...(exclude === undefined ? {} : { exclude }),
    ...(copyTags === undefined ? {} : { copyTags }),
    ...(pointTags === undefined ? {} : { pointTags }),
    retain: readRetain(checks, `${key}.retain`, fields["retain"]),
    ...(lock === undefined ? {} : { lock }),
    copy: readCopy(checks, `${key}.copy`, fields["copy"], stack),
  };
  return checkRecord(checks, key, policy, stack);
}

/** A dr stack that no policy copies to would do nothing, and nobody would hear of it. */
function requireCopies(checks: Checks, policies: readonly Policy[], region: string): void {
  const regions = policies.flatMap(({ copy }) => copy.map((rule) => rule.region));
  if (regions.includes(region)) return;
  const named = [...new Set(regions)].filter((name) => name !== "").join(", ") || "none";
  checks.add("region", region, `a region that a policy copies to, since this is a dr stack: ${named}`);
}

function readPolicies(checks: Checks, value: unknown, stack: Stack): Policy[] {
  const list = checks.list("policies", value, "a list of policies");
  const policies = list.map((raw, i) => readPolicy(checks, `policies[${i}]`, raw, stack));
  policies.forEach(({ name }, i) => {
    const first = policies.findIndex((policy) => policy.name === name);
    if (name !== "" && first < i)
      checks.add(`policies[${i}].name`, name, `a name of its own; policies[${first}] has it`);
  });
  if (stack.role === "dr" && stack.region !== "" && policies.length > 0) requireCopies(checks, policies, stack.region);
  return policies;
}

/** Shorter, and nobody may notice in time that something was untagged or terminated by a slip. */
const ORPHAN_AFTER_LEAST = "7d";
const ORPHAN_AFTER = "90d";

function readOrphanAfter(checks: Checks, value: unknown = ORPHAN_AFTER): number {
  const ms = typeof value === "string" ? parseDuration(value) : undefined;
  const least = parseDuration(ORPHAN_AFTER_LEAST) ?? 0;
  if (ms === undefined || ms < least)
    checks.add("orphanAfter", value, `${DURATION_WANT}, at least ${ORPHAN_AFTER_LEAST}`);
  return ms ?? least;
}

function readApproveAbove(checks: Checks, value: unknown = APPROVE_ABOVE): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  checks.add("approveAbove", value, "a whole number of points from 0");
  return APPROVE_ABOVE;
}

/** Reads the settings of a stack; throws one `ConfigError` with everything that is wrong. Nothing is taken in part. */
export function readSettings(raw: unknown): Settings {
  const checks = new Checks();
  const keys = [
    "deployment",
    "role",
    "mode",
    "region",
    "peers",
    "tags",
    "tagNames",
    "orphanAfter",
    "approveAbove",
    "policies",
  ];
  const fields = checks.object("", raw, keys, `settings with ${keys.join(", ")}`);
  const deployment = readDeployment(checks, fields["deployment"]);
  const role = readRole(checks, fields["role"]);
  const mode = readMode(checks, fields["mode"]);
  const region = readRegion(checks, "region", fields["region"]);
  const peers = readPeers(checks, fields["peers"], role, region);
  const tagNames = readTagNames(checks, fields["tagNames"]);
  const tags = readTags(checks, fields["tags"], tagNames);
  const orphanAfterMs = readOrphanAfter(checks, fields["orphanAfter"]);
  const approveAbove = readApproveAbove(checks, fields["approveAbove"]);
  const policies = readPolicies(checks, fields["policies"], { deployment, role, region, peers, tags, tagNames });
  if (checks.problems.length > 0) throw new ConfigError(checks.problems);
  return {
    deployment,
    role,
    ...(mode === "act" ? {} : { mode }),
    region,
    peers,
    tags,
    tagNames,
    orphanAfterMs,
    approveAbove,
    policies,
  };
}
