import { wholeIn } from "../automation/estate/points.js";
import { livingIn } from "../core/inventory/lineage.js";
import { type KindWords, rulesOf } from "../core/model/kind.js";
import type { Inventory, Member, Policy, Resource } from "../core/model/model.js";
import { planAll } from "../core/planner/planner.js";
import { type ResourceStatus, status } from "../core/report/status.js";
import { RULES } from "../kinds/rules.js";
import type { Admin } from "./admin.js";
import { firstDifference } from "./data.js";
import type { Held } from "./day.js";
import { firstOtherFile, treeOf } from "./file-data.js";

/** What was found of one resource. */
export interface Proof {
  readonly resource: string;
  readonly name: string;
  readonly policy: string;
  /** Completed points by region, the home region first. */
  readonly points: Readonly<Record<string, number>>;
  readonly rpoSeconds: Readonly<Record<string, number | null>>;
  /** Copies of members, newest point of each DR region, that have the source's bytes; and how many there should be. */
  readonly verified: number;
  readonly members: number;
  readonly words: Pick<KindWords, "members">;
  /** Everything that is not as it should be. */
  readonly problems: readonly string[];
}

interface Expected {
  /** How many points were made, so how many there were to keep. */
  readonly made: number;
  /** What was held at the time of the newest point; a volume that is not among it has zeros only. */
  readonly held: Held;
}

/** What reads copies back. */
export interface Readers {
  readonly admin: Pick<Admin, "ranges" | "readSnapshot" | "filesOf">;
  /** Hands over a file system that is made of a backup. */
  restored<T>(region: string, backup: string, use: (fileSystem: string) => Promise<T>): Promise<T>;
}

/** Looks at every protected resource: are there as many points as the policy keeps, and does the copy have the bytes? */
export async function prove(worlds: readonly Inventory[], expected: Expected, readers: Readers): Promise<Proof[]> {
  const proofs: Proof[] = [];
  for (const seen of status(worlds, RULES, planAll(worlds, RULES)).resources) {
    const world = worlds.find((one) => livingIn(one)?.some(({ id }) => id === seen.id));
    const policy = world?.policies.find(({ name }) => name === seen.policy);
    const resource = world && livingIn(world)?.find(({ id }) => id === seen.id);
    if (world && policy && resource) proofs.push(await proveOne({ world, policy, resource, seen }, expected, readers));
  }
  return proofs;
}

interface Subject {
  readonly world: Inventory;
  readonly policy: Policy;
  readonly resource: Resource;
  readonly seen: ResourceStatus;
}

async function proveOne(subject: Subject, expected: Expected, readers: Readers): Promise<Proof> {
  const { world, policy, resource, seen } = subject;
  const problems: string[] = [];
  for (const { region, retain } of [{ region: world.home, retain: policy.retain }, ...policy.copy]) {
    const completed = seen.points[region]?.completed ?? 0;
    const kept = Math.min(expected.made, retain.count ?? expected.made);
    if (completed !== kept) problems.push(`${region} has ${completed} completed points, not ${kept}`);
  }
  const members = resource.members.length * policy.copy.length;
  let verified = members;
  for (const { region } of policy.copy) {
    const found = await differences(subject, region, expected, readers);
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
    members,
    words: rulesOf(RULES, world.kind).words,
    problems: [...problems, ...seen.problems],
  };
}

/** Members whose newest copy in a region is missing or has other bytes. */
async function differences(
  { world, policy, resource }: Subject,
  region: string,
  { held }: Expected,
  readers: Readers,
): Promise<string[]> {
  const [point] = wholeIn(world, region, policy.name, resource.id);
  const differs = world.kind === "fsx" ? fileSystemDiffers : volumeDiffers;
  const problems: string[] = [];
  for (const member of resource.members) {
    const copy = point?.artifacts.find((one) => one.member === member.id);
    if (!copy) problems.push(`there is no copy of ${member.id}`);
    else problems.push(...(await differs({ member, region, copy: copy.id }, held, readers)));
  }
  return problems;
}

interface Copied {
  readonly member: Member;
  readonly region: string;
  /** Its copy there. */
  readonly copy: string;
}

async function volumeDiffers({ member, region, copy }: Copied, held: Held, { admin }: Readers): Promise<string[]> {
  const found = await admin.ranges(region, copy);
  const read = (offset: number, length: number) => admin.readSnapshot(region, copy, offset, length);
  const at = await firstDifference(held.volumes.get(member.id) ?? new Map(), found, read);
  return at === undefined ? [] : [`${copy} differs from ${member.id} at byte ${at}`];
}

/** Not the backup's own files: those of a file system that AWS makes of it. */
async function fileSystemDiffers({ member, region, copy }: Copied, held: Held, readers: Readers): Promise<string[]> {
  const found = await readers.restored(region, copy, async (id) => treeOf(await readers.admin.filesOf(region, id)));
  const other = firstOtherFile(held.files.get(member.id) ?? new Map(), found);
  return other === undefined ? [] : [`a file system made of ${copy} differs from ${member.id}: ${other}`];
}
