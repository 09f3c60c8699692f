import fc from "fast-check";
import type {
  Artifact,
  ArtifactState,
  Inventory,
  Limits,
  Point,
  Policy,
  RegionView,
  Resource,
  Retain,
} from "../../core/model/model.js";
import { pointId } from "../../core/names/identity.js";
import { withLock } from "../../kinds/ebs/locks.js";
import { fsx } from "../../kinds/fsx/rules.js";
import { fileSystem } from "../kinds/fsx/worlds.js";
import { mould } from "../kinds/toy/moulds.js";
import { toy } from "../kinds/toy/rules.js";
import { DR, HOME, HOUR, instance, MINUTE, NOW, policy, SLOT } from "./worlds.js";

const EU = "eu-west-1";
const REGIONS = [HOME, DR, EU] as const;

/** How worlds of one kind look. */
interface Flavour {
  readonly kind: string;
  readonly resourceKind: string;
  readonly nameOf: (resource: string) => string;
  /** What a point has of a resource. */
  readonly membersOf: (resource: string) => readonly string[];
  readonly resourceOf: (id: string, members: readonly string[]) => Resource;
  readonly artifact: string;
  /** Whether artifacts may be locked. */
  readonly locks: boolean;
  readonly limits: fc.Arbitrary<Limits>;
}

const EBS: Flavour = {
  kind: "ebs",
  resourceKind: "instance",
  nameOf: (resource) => `i-${resource}`,
  membersOf: (resource) => ["a", "b"].map((letter) => `vol-${resource}-${letter}`),
  resourceOf: instance,
  artifact: "snap",
  locks: true,
  limits: fc.record({ copySlots: fc.nat({ max: 8 }), copyReserve: fc.nat({ max: 2 }) }),
};

const TOY: Flavour = {
  kind: toy.kind,
  resourceKind: "mould",
  nameOf: (resource) => `toy:m-${resource}`,
  membersOf: (resource) => [resource],
  resourceOf: (id) => mould(id),
  artifact: "cast",
  locks: false,
  limits: fc.constant(toy.limits),
};

/** Artifacts are named after the call that made them, so that an oracle can tell sets apart without reading times. */
const nameOf = (prefix: string, region: string, id: string, member: string, call: number): string =>
  `${prefix}-${region}-${id}-${member}-c${call}`;
export const callOf = (part: Artifact): string => part.id.slice(part.id.lastIndexOf("-") + 1);

const state: fc.Arbitrary<ArtifactState> = fc.oneof(
  { weight: 6, arbitrary: fc.constant("completed" as const) },
  { weight: 1, arbitrary: fc.constant("pending" as const) },
  { weight: 1, arbitrary: fc.constant("error" as const) },
);

const rare = (chance: number): fc.Arbitrary<boolean> => fc.nat({ max: 99 }).map((n) => n >= 100 - chance);

const retain: fc.Arbitrary<Retain> = fc.oneof(
  fc.record({ count: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ ageMs: fc.integer({ min: 1, max: 8 }).map((h) => h * HOUR) }),
  fc.record({ count: fc.integer({ min: 1, max: 3 }), ageMs: fc.integer({ min: 1, max: 8 }).map((h) => h * HOUR) }),
  fc.record({ hourly: fc.integer({ min: 1, max: 4 }), daily: fc.integer({ min: 1, max: 3 }) }),
);

const policyOf = (name: string): fc.Arbitrary<Policy> =>
  fc
    .record({
      own: retain,
      there: retain,
      copies: fc.subarray([DR, EU]),
      schedule: fc.constantFrom("rate(1 hour)", "rate(2 hours)"),
    })
    .map(({ own, there, copies, schedule }) =>
      policy({ name, schedule, retain: own, copy: copies.map((region) => ({ region, retain: there })) }),
    );

interface Seed {
  readonly policy: string;
  readonly resource: string;
  readonly hoursAgo: number;
  readonly region: string;
  readonly late: number;
  /** Artifacts by call, of each member, of which there may be fewer; one without is missing. */
  readonly calls: readonly (readonly (ArtifactState | undefined)[])[];
  readonly held: boolean;
  readonly locked: boolean;
  /** Of copies: the call at home that they were made from. */
  readonly sourceCall: number;
}

const seed: fc.Arbitrary<Seed> = fc.record({
  policy: fc.constantFrom("one", "one", "one", "two", "gone"),
  resource: fc.constantFrom("1", "1", "2", "gone"),
  hoursAgo: fc.nat({ max: 9 }),
  region: fc.constantFrom(...REGIONS),
  late: fc.nat({ max: 50 }).map((m) => m * MINUTE),
  calls: fc.array(
    fc.tuple(
      fc.oneof({ weight: 12, arbitrary: state }, { weight: 1, arbitrary: fc.constant(undefined) }),
      fc.oneof({ weight: 8, arbitrary: state }, { weight: 1, arbitrary: fc.constant(undefined) }),
    ),
    { minLength: 1, maxLength: 2, size: "small" },
  ),
  held: rare(8),
  locked: rare(5),
  sourceCall: fc.nat({ max: 1 }),
});

function pointOf(s: Seed, flavour: Flavour): Point {
  const scheduled = SLOT - s.hoursAgo * HOUR;
  const resource = flavour.nameOf(s.resource);
  const members = flavour.membersOf(resource);
  const id = pointId({ policy: s.policy, home: HOME, resource, scheduled });
  const copied = s.region !== HOME;
  const parts = s.calls.flatMap((states, call) =>
    members.flatMap((member, m): Artifact[] => {
      const memberState = states[m];
      if (memberState === undefined) return [];
      const start = scheduled + s.late + call * 5000 + m;
      // A copy tells when its source was taken, whenever it was made itself.
      const takenAt = scheduled + s.late + s.sourceCall * 5000 + m;
      const made: Artifact = {
        id: nameOf(flavour.artifact, s.region, id, member, call),
        member,
        state: memberState,
        startedAt: copied ? start + 10 * MINUTE : start,
        progress: 50,
        sizeGiB: 8,
        holds: s.held ? ["KeepForever"] : [],
        ...(copied ? { takenAt, source: nameOf(flavour.artifact, HOME, id, member, s.sourceCall) } : {}),
        ...(memberState === "error" ? { cause: "it broke" } : {}),
      };
      // Of a set only one: the others must stay with it.
      const isLocked = flavour.locks && s.locked && m === 0;
      return [isLocked ? withLock(made, { mode: "governance", until: NOW + HOUR }) : made];
    }),
  );
  const { policy: name, region } = s;
  return {
    id,
    policy: name,
    resource,
    kind: flavour.resourceKind,
    home: HOME,
    region,
    scheduled,
    size: members.length,
    level: "crash",
    artifacts: parts,
  };
}

const resourceIn = (flavour: Flavour, resource: string): Resource => {
  const id = flavour.nameOf(resource);
  return flavour.resourceOf(id, flavour.membersOf(id));
};

/** What the points of one policy tell, all the same as where nobody changed it. */
const recorded = fc.constantFrom(undefined, "count=1", "age=2h hourly=2 copies=us-west-2");

/** Regions in every state at once: doubles, failed and half sets, orphans, held ones, unknown regions, few slots. */
const worldsOf = (flavour: Flavour): fc.Arbitrary<Inventory> =>
  fc
    .record({
      policies: fc.tuple(policyOf("one"), policyOf("two")),
      seeds: fc.array(seed, { maxLength: 40, size: "max" }),
      unknown: fc.tuple(rare(10), rare(15), rare(15)),
      resources: fc.subarray(["1", "2"]),
      requests: fc.array(fc.record({ at: fc.integer({ min: NOW - 2 * HOUR, max: NOW + HOUR }) }), { maxLength: 2 }),
      copiesInFlight: fc.nat({ max: 4 }),
      orphanAfterMs: fc.constantFrom(undefined, undefined, 4 * HOUR),
      recorded: fc.record({ one: recorded, two: recorded, gone: recorded }),
      told: fc.uniqueArray(
        fc.record({
          region: fc.constantFrom(...REGIONS),
          policy: fc.constantFrom("one", "two", "gone"),
          resource: fc.constantFrom("1", "gone").map(flavour.nameOf),
          since: fc.constantFrom(NOW - 9 * HOUR, NOW - HOUR),
        }),
        { maxLength: 6, selector: ({ region, policy: name, resource }) => `${region} ${name} ${resource}` },
      ),
      limits: flavour.limits,
    })
    .map((w): Inventory => {
      const points = new Map(
        w.seeds.map((s) => [`${s.policy} ${s.resource} ${s.hoursAgo} ${s.region}`, pointOf(s, flavour)]),
      );
      const rules = new Map(Object.entries(w.recorded));
      const alive = [...points.values()]
        .filter((p) => p.artifacts.length > 0)
        .map((p) => {
          const rule = rules.get(p.policy);
          return rule === undefined ? p : { ...p, recorded: rule };
        });
      const view = (region: string, i: number): RegionView =>
        w.unknown[i]
          ? { complete: false, reason: "page 2 failed" }
          : {
              complete: true,
              asOf: NOW,
              resources: region === HOME ? w.resources.map((one) => resourceIn(flavour, one)) : [],
              points: alive.filter((p) => p.region === region),
              copiesInFlight: w.copiesInFlight,
            };
      return {
        now: NOW,
        kind: flavour.kind,
        home: HOME,
        policies: w.policies,
        regions: Object.fromEntries(REGIONS.map((region, i) => [region, view(region, i)])),
        requests: w.requests,
        limits: w.limits,
        memory: { announced: w.told },
        ...(w.orphanAfterMs === undefined ? {} : { orphanAfterMs: w.orphanAfterMs }),
      };
    });

const FSX: Flavour = {
  kind: fsx.kind,
  resourceKind: "fsx",
  nameOf: (resource) => `fsx:fs-${resource}`,
  membersOf: (resource) => [resource.slice("fsx:".length)],
  resourceOf: (_, [unit]) => fileSystem(unit),
  artifact: "backup",
  locks: false,
  limits: fc.constant(fsx.limits),
};

export const anyWorld = worldsOf(EBS);
export const anyFsxWorld = worldsOf(FSX).map(
  (one): Inventory => ({ ...one, policies: one.policies.map((policy) => ({ ...policy, kinds: ["fsx"] })) }),
);
export const anyToyWorld = worldsOf(TOY).map((one): Inventory => ({ ...one, policies: one.policies.map(forToys) }));

const forToys = (one: Policy): Policy => ({ ...one, kinds: ["mould"] });
