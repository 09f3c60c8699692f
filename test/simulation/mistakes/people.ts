import type { Action, Inventory, Resource } from "../../../core/model/model.js";
import { createDetail } from "../../../kinds/ebs/details.js";
import type { Minds } from "../planner/minds.js";
import { listed, views } from "./lenses.js";
import type { Mistake } from "./planner.js";

const deciding = (change: (action: Action) => readonly Action[]) => (): Minds => ({
  decide: (worlds, plan) => plan(worlds).flatMap(change),
});

const seeing = (change: (world: Inventory) => Inventory) => (): Minds => ({ see: (worlds) => worlds.map(change) });

/** Tags of resources as they are not. */
const reading = (tags: (tags: Resource["tags"]) => Resource["tags"]) =>
  seeing((world) =>
    views(world, (view) =>
      view.complete ? { ...view, resources: view.resources.map((one) => ({ ...one, tags: tags(one.tags) })) } : view,
    ),
  );

const approvedAre = (approved: NonNullable<Inventory["memory"]>["approved"], world: Inventory): Inventory => ({
  ...world,
  memory: { announced: [], ...world.memory, approved: approved ?? [] },
});

/** Who has said yes once has said yes to everything. */
const anythingApproved = seeing((world) => {
  const said = world.memory?.approved ?? [];
  const all = listed(world).map(({ region, artifacts: parts }) => ({
    region,
    artifacts: parts.map(({ id }) => id),
    until: Number.POSITIVE_INFINITY,
  }));
  return said.length === 0 ? world : approvedAre(all, world);
});

const withoutLock = (action: Action): readonly Action[] => {
  if (action.do === "finalize") return [];
  if (action.do !== "create" && action.do !== "copy") return [action];
  const { lock: _, ...detail } = createDetail(action);
  return [{ ...action, detail }];
};

/** The first number that is in it, whatever else is. */
const firstNumber = (text: string): string => /[1-9]\d*/.exec(text)?.[0] ?? "1";

/** About what people say: approvals, locks, tags of resources. */
export const PEOPLE_MISTAKES: readonly Mistake[] = [
  {
    name: "a retention that is lowered by a slip deletes at once",
    breaks: /^1 slip/,
    seed: 1,
    only: ["lower"],
    mind: deciding((action) => (action.do === "pending-approval" ? [{ ...action, do: "delete" }] : [action])),
  },
  {
    name: "an approval lets go whatever comes after it",
    breaks: /^1 slip/,
    seed: 2,
    only: ["lower"],
    mind: anythingApproved,
  },
  {
    name: "what a person approved is not deleted",
    breaks: /^1 approved/,
    seed: 1,
    only: ["lower"],
    mind: seeing((world) => approvedAre([], world)),
  },
  { name: "what a policy wants locked is not locked", breaks: /^1 not locked/, seed: 1, mind: deciding(withoutLock) },
  {
    name: "a lock that was not put on at once is never made up for",
    breaks: /^1 not locked/,
    seed: 13,
    only: ["kill", "throttle"],
    mind: deciding((action) => (action.do === "finalize" ? [] : [action])),
  },
  {
    name: "E-F2 E-F3: what the tags of a resource say is not heeded",
    breaks: /^1 leak|^retention|^2/,
    seed: 1,
    only: ["override"],
    mind: reading(({ Backup }) => (Backup === undefined ? {} : { Backup })),
  },
  {
    name: "E-X1: a bad value is read as far as it goes",
    breaks: /^1 leak|^retention/,
    seed: 1,
    only: ["override"],
    mind: reading(({ Retention, ...others }) =>
      Retention === undefined ? others : { ...others, Retention: firstNumber(Retention) },
    ),
  },
];
