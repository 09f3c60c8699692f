import type { Checks } from "../core/checks.js";
import { DEFAULTS, type Raw, type WorkloadProgram } from "./config-model.js";
import { settingsOf } from "./region-config.js";
import type { WorkloadSettings } from "./workload.js";

const KNOWN = ["instances", "ami", "instanceType", "volumeGiB", "tags"];
const AMI = /^ami-([0-9a-f]{8}|[0-9a-f]{17})$/;
const INSTANCE_TYPE = /^[a-z0-9-]+\.[a-z0-9-]+$/;
/** The largest gp3 volume is 64 TiB (EBS user guide, "General Purpose SSD volumes"); a test needs far less. */
const LARGEST_GIB = 1024;

/** Reads what a workload stack should be; undefined when what it shares with the others is wrong, which is then noted. */
export function readWorkloadProgram(checks: Checks, raw: Raw): WorkloadProgram | undefined {
  // What Pulumi.yaml shares (policies, protect, logDays, batchSeconds, emails) is the other stacks' business. Peers are a stack's own, and the
  // engine does not tell the project's default from what the stack's file says.
  const { peers } = raw;
  if (peers !== undefined && JSON.stringify(peers) !== JSON.stringify(DEFAULTS.peers)) {
    checks.add("peers", peers, "nothing: a workload has no use for it");
  }
  const want = "an object like { ami: ami-0123456789abcdef0, tags: { Backup: daily } }";
  const fields = checks.object("workload", raw["workload"], KNOWN, want);
  // Deployment, region and tags follow the same rules everywhere. The policies are the other stacks' business.
  const shared = { deployment: raw["deployment"], role: "primary", region: raw["region"], policies: [] };
  const settings = settingsOf({ ...shared, tags: raw["tags"] }, (problem) => checks.problems.push(problem));
  const tagged = settingsOf({ ...shared, tags: fields["tags"] }, (problem) => {
    if (problem.key.startsWith("tags")) checks.problems.push({ ...problem, key: `workload.${problem.key}` });
  });
  const workload = { ...readMachines(checks, fields), tags: tagged?.tags ?? {} };
  if (!settings) return undefined;
  const { deployment, region, tags } = settings;
  return { role: "workload", deployment, region, tags, workload };
}

function readMachines(checks: Checks, fields: Raw): Omit<WorkloadSettings, "tags"> {
  const number = (key: string, fallback: number, max: number): number => {
    const value = fields[key] ?? fallback;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1 && value <= max) return value;
    checks.add(`workload.${key}`, value, `a whole number from 1 to ${max}`);
    return fallback;
  };
  const text = (key: string, fallback: string | undefined, right: RegExp, want: string): string =>
    checks.text(`workload.${key}`, fields[key] ?? fallback, (value) => right.test(value), want);
  return {
    instances: number("instances", 2, 100),
    ami: text("ami", undefined, AMI, "an image's id like ami-0123456789abcdef0"),
    instanceType: text("instanceType", "t4g.nano", INSTANCE_TYPE, "an instance type like t4g.nano"),
    volumeGiB: number("volumeGiB", 1, LARGEST_GIB),
  };
}
