import type { KindRules, RulesTable } from "../../../core/model/kind.js";
import type { Action } from "../../../core/model/model.js";
import { planAll } from "../../../core/planner/planner.js";
import { tokenOf } from "../../../kinds/fsx/aws/token.js";
import { fsx } from "../../../kinds/fsx/rules.js";
import { atWork } from "../kinds/fsx/reading.js";
import type { Minds, Plan } from "../planner/minds.js";
import { copiesAsIf, deletesAsIf, isCopied, isDelete, listed, points, takenFor, views, type Worlds } from "./lenses.js";
import type { Mistake } from "./planner.js";

/** Decided by other rules than FSx's. */
const byRules = (change: Partial<KindRules>): Plan => {
  const table: RulesTable = { fsx: { ...fsx, ...change } };
  return (worlds) => planAll(worlds, table);
};

const copiesAll = byRules({ config: { ...fsx.config, cannotCopy: () => undefined } });
const backsUpAll = byRules({ protects: (_, { members }) => ({ members }) });

/** Some actions are decided by another plan than all others. */
const onlyBy = (other: Plan, isMeant: (action: Action, worlds: Worlds) => boolean) => (): Minds => ({
  decide: (worlds, plan) => [
    ...plan(worlds).filter((action) => !isMeant(action, worlds)),
    ...other(worlds).filter((action) => isMeant(action, worlds)),
  ],
});

/** Nobody is told of a cause. */
const silentOf =
  (...causes: readonly string[]) =>
  (): Minds => ({
    decide: (worlds, plan) => plan(worlds).filter((action) => action.do !== "alert" || !causes.includes(action.cause)),
  });

/** What is neither CREATING nor FAILED is done. */
const notCreating = (worlds: Worlds) =>
  points(worlds, (point) => ({
    ...point,
    artifacts: point.artifacts.map((part) =>
      part.state === "pending" && atWork(part.id, isCopied(point)) !== "CREATING"
        ? { ...part, state: "completed" as const }
        : part,
    ),
  }));

/** Of the backups in an account only the own ones count. */
const ownUsage = (worlds: Worlds) =>
  worlds.map((world) =>
    views(world, (view, region) => {
      if (!view.complete || view.usage === undefined) return view;
      const own = listed(world).filter((point) => point.region === region).length;
      return { ...view, usage: Object.fromEntries(Object.keys(view.usage).map((name) => [name, own])) };
    }),
  );

/** What published tools did to FSx's backups, or what its API invites to. */
export const FSX_MISTAKES: readonly Mistake[] = [
  {
    name: "what is not CREATING is taken for done, and what it replaces goes",
    breaks: /^1 newest|^retention|^1 in flight|^2/,
    seed: 1,
    mind: deletesAsIf(notCreating),
  },
  {
    name: "a source is deleted while it is copied",
    breaks: /^2 source|^2 copy not seen/,
    seed: 8,
    mind: onlyBy(
      (worlds) => planAll(takenFor(worlds, "pending", "completed", isCopied), { fsx }),
      (action, worlds) => isDelete(action) && worlds.some(({ home }) => home === action.region),
    ),
  },
  {
    name: "a quota is ignored: nobody is told that it is near",
    breaks: /^5 told/,
    seed: 5,
    mind: silentOf("quota-near"),
  },
  {
    name: "AWS Backup's do not count towards a quota",
    breaks: /^5 told/,
    seed: 1,
    mind: () => ({ see: ownUsage }),
  },
  {
    name: "a token stands for all backups of a file system",
    breaks: /^4 token/,
    seed: 1,
    mind: () => ({ token: ({ do: verb, region, policy, resource }) => tokenOf("sim", verb, region, policy, resource) }),
  },
  {
    name: "a copy that failed is tried again with its token, and FSx answers with the failed one",
    breaks: /^2 not copied|^5 RPO/,
    seed: 3,
    only: ["breaks"],
    mind: () => ({
      token: (action) =>
        action.do === "copy"
          ? tokenOf("sim", action.region, action.artifact.id)
          : tokenOf("sim", action.region, action.point),
    }),
  },
  {
    name: "ONTAP and Intelligent-Tiering are copied across regions",
    breaks: /^4 tried in vain/,
    seed: 1,
    mind: onlyBy(copiesAll, (action) => action.do === "copy"),
  },
  {
    name: "copies that there cannot be are waited for",
    breaks: /^1 leak/,
    seed: 8,
    mind: onlyBy(copiesAll, isDelete),
  },
  { name: "nobody is told of what cannot be copied", breaks: /^5 told/, seed: 1, mind: silentOf("cannot-copy") },
  {
    name: "A-X18: Lustre scratch is tried each run",
    breaks: /^4 tried in vain/,
    seed: 7,
    mind: onlyBy(backsUpAll, (action) => action.do === "create"),
  },
  { name: "nobody is told of what cannot be backed up", breaks: /^5 told/, seed: 7, mind: silentOf("cannot-protect") },
  {
    name: "nobody is told of what FSx could not finish",
    breaks: /^5 told/,
    seed: 3,
    mind: silentOf("point-failed", "copy-failed"),
  },
  {
    name: "nobody is told of a backup that hangs",
    breaks: /^5 told/,
    seed: 4,
    only: ["hang"],
    mind: silentOf("point-hangs", "copy-hangs"),
  },
  {
    name: "E-X5: slots are taken without counting those of others",
    breaks: /^7 slots/,
    seed: 1,
    mind: copiesAsIf((worlds) => worlds.map((world) => ({ ...world, limits: { copySlots: 1000, copyReserve: 0 } }))),
  },
];
