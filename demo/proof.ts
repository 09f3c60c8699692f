import { wholeIn } from "../automation/estate/points.js";
import type { Inventory, Policy, Resource } from "../core/model/model.js";
import { planAll } from "../core/planner/planner.js";
import { type ResourceStatus, status } from "../core/report/status.js";
import { RULES } from "../kinds/rules.js";
import type { Admin } from "./admin.js";
import { type Contents, firstDifference } from "./data.js";

/** What was found of one resource. */
export interface Proof {
  readonly resource: string;
  readonly name: string;
  readonly policy: string;
  /** Completed points by region, the home region first. */
  readonly points: Readonly<Record<string, number>>;
  readonly rpoSeconds: Readonly<Record<string, number | null>>;
  /** Copies of volumes, newest point of each DR region, that have the source's bytes; and how many there should be. */
  readonly verified: number;
  readonly volumes: number;
  /** Everything that is not as it should be. */
  readonly problems: readonly string[];
}

interface Expected {
  /** How many points were made, so how many there were to keep. */
  readonly made: number;
  /** What each volume held at the time of the newest point; only zeros where it is not among them. */
  readonly contents: ReadonlyMap<string, Contents>;
}

/** Looks at every protected resource: are there as many points as the policy keeps, and does the copy have the bytes? */
export async function prove(world: Inventory, expected: Expected, admin: Admin): Promise<Proof[]> {
  const proofs: Proof[] = [];
  for (const seen of status([world], RULES, planAll([world], RULES)).resources) {
    const policy = world.policies.find(({ name }) => name === seen.policy);
    const resource = world.resources.find(({ id }) => id === seen.id);
    if (policy && resource) proofs.push(await proveOne({ world, policy, resource, seen }, expected, admin));
  }
  return proofs;
}

interface Subject {
  readonly world: Inventory;
  readonly policy: Policy;
  readonly resource: Resource;
  readonly seen: ResourceStatus;
}

async function proveOne(subject: Subject, expected: Expected, admin: Admin): Promise<Proof> {
  const { world, policy, resource, seen } = subject;
  const problems: string[] = [];
  for (const { region, retain } of [{ region: world.home, retain: policy.retain }, ...policy.copy]) {
    const completed = seen.points[region]?.completed ?? 0;
    const kept = Math.min(expected.made, retain.count ?? expected.made);
    if (completed !== kept) problems.push(`${region} has ${completed} completed points, not ${kept}`);
  }
  const volumes = resource.members.length * policy.copy.length;
  let verified = volumes;
  for (const { region } of policy.copy) {
    const found = await differences(subject, region, expected, admin);
    verified -= found.length;
    problems.push(...found.map((text) => `${region}: ${text}`));
  }
  const points = Object.entries(seen.points);
  return {
    resource: resource.id,
    name: resource.name,
    policy: policy.name,
    points: Object.fromEntries(points.map(([region, { completed }]) => [region, completed])),
    rpoSeconds: Object.fromEntries(points.map(([region, { rpoSeconds }]) => [region, rpoSeconds])),
    verified,
    volumes,
    problems: [...problems, ...seen.problems],
  };
}

/** Volumes whose newest copy in a region is missing or has other bytes. */
async function differences(
  { world, policy, resource }: Subject,
  region: string,
  { contents }: Expected,
  admin: Admin,
): Promise<string[]> {
  const [point] = wholeIn(world, region, policy.name, resource.id);
  const problems: string[] = [];
  for (const volume of resource.members) {
    const part = point?.artifacts.find((p) => p.member === volume.id);
    if (!point || !part) {
      problems.push(`there is no copy of ${volume.id}`);
      continue;
    }
    const found = await admin.ranges(region, part.id);
    const read = (offset: number, length: number) => admin.readSnapshot(region, part.id, offset, length);
    const at = await firstDifference(contents.get(volume.id) ?? new Map(), found, read);
    if (at !== undefined) problems.push(`${part.id} differs from ${volume.id} at byte ${at}`);
  }
  return problems;
}
