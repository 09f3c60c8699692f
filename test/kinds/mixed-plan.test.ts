import { expect } from "chai";
import fc from "fast-check";
import type { RulesTable } from "../../core/model/kind.js";
import type { Action, Alert, Inventory } from "../../core/model/model.js";
import { planAll } from "../../core/planner/planner.js";
import { selectedNow } from "../../core/planner/selected.js";
import { anyToyWorld, anyWorld } from "../core/arbitrary.js";
import {
  DAY,
  DR,
  HOME,
  HOUR,
  instance,
  NOW,
  only,
  point,
  policy,
  SLOT,
  type WorldInput,
  world,
} from "../core/worlds.js";
import { runs } from "../support/chance.js";
import { castPoint, mould, toyWorld } from "./toy/moulds.js";
import { HANGS_MS, toy, WITH_TOY } from "./toy/rules.js";

const mixed = policy({ kinds: ["instance", "mould"], sections: { toy: { coats: 2 }, ebs: { copyTags: true } } });
const T = (hours: number): number => SLOT - hours * HOUR;

/** A home that has both kinds under one policy. */
const home = (ebs: WorldInput = {}, toys: WorldInput = {}): [Inventory, Inventory] => [
  world({ policies: [mixed], ...ebs }),
  toyWorld({ policies: [mixed], ...toys }),
];
const plan = (inventories: readonly Inventory[]): Action[] => planAll(inventories, WITH_TOY);
const alerts = (inventories: readonly Inventory[]): Alert[] => only(plan(inventories), "alert");
const told = (inventories: readonly Inventory[]): string[] =>
  alerts(inventories).map(({ cause, region, reason }) => `${cause} in ${region}: ${reason}`);

const isMould = ({ resource }: Action): boolean => resource.startsWith("toy:");
/** What is about a policy or a region as a whole. */
const isWide = (action: Action): boolean => action.do === "alert" && action.resource === "";

/** The same policies on both, as a home has them. */
const bothKinds = fc.tuple(anyWorld, anyToyWorld).map(([ebs, toys]): readonly [Inventory, Inventory] => {
  const policies = ebs.policies.map((one) => ({ ...one, kinds: ["instance", "mould"] }));
  return [
    { ...ebs, policies },
    { ...toys, policies },
  ];
});

describe("planner: a policy of two kinds", () => {
  it("makes points and copies of both, each with what its kind knows", () => {
    const creates = only(plan(home()), "create");
    expect(creates.map(({ resource, kind }) => [resource, kind])).to.deep.equal([
      ["i-1", "instance"],
      ["toy:m-1", "mould"],
    ]);
    expect(creates[1]).to.deep.include({ detail: 2, reason: "due by rate(1 hour)" });
    expect(creates[1]?.members.map(({ id }) => id)).to.deep.equal(["toy:m-1"]);
    expect(creates[0]?.detail).to.have.property("carried");
    const copies = only(plan(home({ points: [point({ at: SLOT })] }, { points: [castPoint({ at: SLOT })] })), "copy");
    expect(copies.map(({ resource, kind, artifact }) => [resource, kind, artifact.member])).to.deep.equal([
      ["i-1", "instance", "vol-1"],
      ["toy:m-1", "mould", "toy:m-1"],
    ]);
    expect(copies[1]).to.include({ detail: 2 });
  });

  it("protects what each kind says where the policy names none", () => {
    const creates = (rules: RulesTable): string[] =>
      only(planAll(home({ policies: [policy()] }, { policies: [policy()] }), rules), "create").map(({ kind }) => kind);
    expect(creates(WITH_TOY)).to.deep.equal(["instance"]);
    const keen = { ...toy, config: { ...toy.config, byDefault: ["mould"] } };
    expect(creates({ ...WITH_TOY, toy: keen })).to.deep.equal(["instance", "mould"]);
  });

  it("gives each kind its own slots", () => {
    const moulds = ["toy:m-1", "toy:m-2"];
    const toys = {
      resources: moulds.map((id) => mould(id)),
      points: moulds.map((resource) => castPoint({ at: SLOT, resource })),
    };
    const instances = ["i-1", "i-2"];
    const ebs = {
      resources: instances.map((id) => instance(id, [`vol-${id}`])),
      points: instances.map((resource) => point({ at: SLOT, resource, parts: { [`vol-${resource}`]: "completed" } })),
    };
    const copied = (inFlight: number, toysInFlight: number): string[] =>
      only(plan(home({ ...ebs, inFlight }, { ...toys, inFlight: toysInFlight })), "copy").map(
        ({ resource }) => resource,
      );
    expect(copied(0, 0)).to.deep.equal(["i-1", "i-2", "toy:m-1"]);
    expect(copied(18, 0), "no slot of EBS").to.deep.equal(["toy:m-1"]);
    expect(copied(17, 1), "none of Toyworks").to.deep.equal(["i-1"]);
  });

  it("shares the slots of a kind among the homes that copy into a region", () => {
    const elsewhere = toyWorld({ policies: [mixed], home: "eu-west-1", resources: [], points: [] });
    const source = { ...castPoint({ at: SLOT, resource: "toy:m-9" }), home: "eu-west-1", region: "eu-west-1" };
    const other: Inventory = {
      ...elsewhere,
      regions: {
        ...elsewhere.regions,
        "eu-west-1": {
          ...{ complete: true, asOf: NOW, points: [source], copiesInFlight: 0 },
          resources: [mould("toy:m-9", { region: "eu-west-1" })],
        },
      },
    };
    const all = [...home({ points: [point({ at: SLOT })] }, { points: [castPoint({ at: SLOT })] }), other];
    expect(only(plan(all), "copy").map(({ resource }) => resource)).to.deep.equal(["i-1", "toy:m-1"]);
    expect(only(plan([other]), "copy").map(({ resource }) => resource)).to.deep.equal(["toy:m-9"]);
  });

  it("decides of each kind as if the other were not there, whatever is unknown of that", function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(bothKinds, ([ebs, toys]) => {
        const together = plan([ebs, toys]).filter((action) => !isWide(action));
        const alone = (one: Inventory): Action[] => plan([one]).filter((action) => !isWide(action));
        expect(together.filter((action) => !isMould(action))).to.deep.equal(alone(ebs));
        expect(together.filter(isMould)).to.deep.equal(alone(toys));
      }),
      { numRuns: runs(100) },
    );
  });

  it("tells which kind of a region is unknown, once for a region", () => {
    const unknown = { [DR]: "throttled" };
    const ebs = { points: [point({ at: SLOT })] };
    expect(told(home(ebs, { points: [castPoint({ at: SLOT })], unknown }))).to.deep.equal([
      `region-unknown in ${DR}: Toyworks: throttled`,
    ]);
    expect(told(home({ ...ebs, unknown: { [DR]: "page 2 failed" } }, { unknown }))).to.deep.equal([
      `region-unknown in ${DR}: EBS: page 2 failed; Toyworks: throttled`,
    ]);
  });
});

describe("planner: what is about a policy as a whole", () => {
  const none = { resources: [] };
  const isSelection = (one: string): boolean => /^(nothing-selected|selection-dropped|nearly-selected)/.test(one);

  it("selects something as long as one of its kinds has any", () => {
    expect(told(home(none)).filter(isSelection)).to.deep.equal([]);
    expect(told(home({}, none)).filter(isSelection)).to.deep.equal([]);
    expect(told(home(none, none)).filter(isSelection)).to.deep.equal([
      `nothing-selected in ${HOME}: no instance or mould has the tag Backup=hourly`,
    ]);
  });

  it("knows nothing of what a policy selects while one of its kinds is unknown at home", () => {
    const unknown = { [HOME]: "throttled" };
    expect(told(home(none, { unknown })).filter(isSelection)).to.deep.equal([]);
    expect(told(home({ unknown }, none)).filter(isSelection)).to.deep.equal([]);
  });

  it("counts over its kinds what it selects, and holds that against the count of before", () => {
    const memory = { announced: [], selected: [{ region: HOME, policy: "hourly", count: 3 }] };
    const many = { resources: ["i-1", "i-2"].map((id) => instance(id, [`vol-${id}`])), memory };
    expect(told(home(many, { memory })).filter(isSelection)).to.deep.equal([]);
    expect(told(home({ memory, ...none }, { memory })).filter(isSelection)).to.deep.equal([
      `selection-dropped in ${HOME}: it selects 1 resource(s) by the tag Backup=hourly, and selected 3 before`,
    ]);
    expect(selectedNow(home(many, { memory }), WITH_TOY)).to.deep.equal([{ region: HOME, policy: "hourly", count: 3 }]);
    const away = { memory, unknown: { [HOME]: "throttled" } };
    expect(selectedNow(home({ memory, ...none }, away), WITH_TOY), "as before").to.deep.equal(memory.selected);
  });

  it("finds what is nearly selected in every kind", () => {
    const near = { tags: { backup: "Hourly" } };
    expect(
      told(home({}, { resources: [mould("toy:m-1", near)] })).filter(isSelection),
      "the other kind has some",
    ).to.deep.equal([
      `nearly-selected in ${HOME}: it wants the tag Backup=hourly; what differs from that in capitals or in blanks at the ends alone is not taken: toy:m-1 with "backup"="Hourly"`,
    ]);
  });

  it("counts the points of a deleted policy over all kinds, and only of those that are known", () => {
    const ebs = { points: [point({ at: SLOT, policy: "old" }), point({ at: T(1), policy: "old" })] };
    const toys = { points: [castPoint({ at: SLOT, policy: "old" })] };
    const gone = (...worlds: Parameters<typeof home>): string[] =>
      told(home(...worlds)).filter((one) => one.startsWith("policy-gone"));
    expect(gone(ebs, toys)).to.have.length(1);
    expect(gone(ebs, toys)[0]).to.contain("3 point(s) of it");
    expect(gone(ebs, { ...toys, unknown: { [HOME]: "throttled" } })[0]).to.contain("2 point(s) of it");
  });

  it("names all that waits for approval in a region, of whichever kind", () => {
    const made = [0, 1, 2, 3].map(T);
    const kept = { recorded: "count=9" };
    const shrunk = { policies: [{ ...mixed, retain: { count: 1 }, copy: [] }] };
    const both = home(
      { ...shrunk, points: made.map((at) => ({ ...point({ at }), ...kept })) },
      { ...shrunk, points: made.map((at) => ({ ...castPoint({ at }), ...kept })) },
    );
    const names = [...new Set(only(plan(both), "pending-approval").map(({ approval }) => approval))];
    expect(names).to.have.length(2);
    const needed = alerts(both).filter(({ cause }) => cause === "approval-needed");
    expect(needed, "one trouble, by its key").to.have.length(1);
    for (const name of names) expect(needed[0]?.reason).to.contain(name);
  });
});

describe("planner: words of a kind", () => {
  const OTHERS = /snapshot|volume|\bEBS\b|\bEC2\b|instance/i;

  it("are in everything that is said of it, and nobody else's", function () {
    this.timeout(60_000);
    const hanging = { at: NOW - HANGS_MS - DAY, state: "pending" } as const;
    const told = toyWorld({
      policies: [policy({ kinds: ["mould"] })],
      resources: [mould(), mould("toy:m-2", { members: [] })],
      points: [castPoint(hanging), castPoint({ ...hanging, region: DR })],
    });
    const reasons = plan([told]).map(({ reason }) => reason);
    expect(reasons).to.include("it has no moulds to protect");
    fc.assert(
      fc.property(fc.oneof({ weight: 20, arbitrary: anyToyWorld }, fc.constant(told)), (one) => {
        for (const action of plan([one])) {
          expect(action.reason).to.not.match(OTHERS);
        }
      }),
      { numRuns: runs(200) },
    );
  });
});
