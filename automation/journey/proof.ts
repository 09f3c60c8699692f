import type { Point, Policy, Resource, World } from "../../core/model.js";
import { selects } from "../../core/select.js";
import { wholeIn } from "../points.js";
import type { Admin } from "./admin.js";
import { type Contents, type Depth, dataVolumes, firstDifference } from "./data.js";

/** What was found of one resource. */
export interface Proof {
  readonly resource: string;
  readonly name: string;
  readonly policy: string;
  /** Completed points by region, the home region first. */
  readonly points: Readonly<Record<string, number>>;
  readonly rpoSeconds: Readonly<Record<string, number | null>>;
  /** Data volumes whose newest copy in a DR region has the source's bytes, and how many there are. */
  readonly verified: number;
  readonly volumes: number;
  /** Everything that is not as it should be. */
  readonly problems: readonly string[];
}

interface Expected {
  /** How many points were made, so how many there were to keep. */
  readonly made: number;
  /** What each data volume held at the time of the newest point. */
  readonly contents: ReadonlyMap<string, Contents>;
  readonly depth: Depth;
}

/** Looks at every protected resource: are there as many points as the policy keeps, and does the copy have the bytes? */
export async function prove(world: World, expected: Expected, admin: Admin): Promise<Proof[]> {
  const proofs: Proof[] = [];
  for (const policy of world.policies) {
    for (const resource of world.resources.filter((r) => selects(policy, r))) {
      proofs.push(await proveOne(world, policy, resource, expected, admin));
    }
  }
  return proofs;
}

async function proveOne(
  world: World,
  policy: Policy,
  resource: Resource,
  expected: Expected,
  admin: Admin,
): Promise<Proof> {
  const problems: string[] = [];
  const points: Record<string, number> = {};
  const rpoSeconds: Record<string, number | null> = {};
  let verified = 0;
  for (const { region, retain } of [{ region: world.home, retain: policy.retain }, ...policy.copy]) {
    const whole = wholeIn(world, region, policy.name, resource.id);
    points[region] = whole.length;
    rpoSeconds[region] = ageOf(whole[0], world.now);
    const kept = Math.min(expected.made, retain.count ?? expected.made);
    if (whole.length !== kept) problems.push(`${region} has ${whole.length} completed points, not ${kept}`);
    if (region === world.home) continue;
    const found = await differences(resource, whole[0], expected, admin);
    verified += dataVolumes([resource]).length - found.length;
    problems.push(...found.map((text) => `${region}: ${text}`));
  }
  const volumes = dataVolumes([resource]).length * policy.copy.length;
  return {
    resource: resource.id,
    name: resource.name,
    policy: policy.name,
    points,
    rpoSeconds,
    verified,
    volumes,
    problems,
  };
}

const ageOf = (point: Point | undefined, now: number): number | null =>
  point ? Math.round((now - Math.min(...point.parts.map((p) => p.startedAt))) / 1000) : null;

/** Data volumes whose copy is missing or has other bytes. */
async function differences(
  resource: Resource,
  point: Point | undefined,
  { contents, depth }: Expected,
  admin: Admin,
): Promise<string[]> {
  const problems: string[] = [];
  for (const { volume } of dataVolumes([resource])) {
    const part = point?.parts.find((p) => p.volume === volume.id);
    const right = contents.get(volume.id);
    if (!point || !part || !right) {
      problems.push(`there is no copy of ${volume.id}`);
      continue;
    }
    const read = (offset: number, length: number) => admin.readSnapshot(point.region, part.snapshot, offset, length);
    const at = await firstDifference(volume.sizeGiB, right, read, depth);
    if (at !== undefined) problems.push(`${part.snapshot} differs from ${volume.id} at byte ${at}`);
  }
  return problems;
}
