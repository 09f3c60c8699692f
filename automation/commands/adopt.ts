import * as v from "valibot";
import { formatProblem, problemsOf } from "../../core/config/problems.js";
import { Select } from "../../core/config/select.js";
import { type KindWords, kindWith, rulesOf } from "../../core/model/kind.js";
import type { Action, Inventory, Point } from "../../core/model/model.js";
import { TAG } from "../../core/names/tags.js";
import { planAll } from "../../core/planner/planner.js";
import type { Imported } from "../../kinds/importer.js";
import { RULES } from "../../kinds/rules.js";
import { SYSTEMS, type SystemName } from "../../kinds/systems.js";
import { CommandProblem, done, failed, type Outcome } from "../cli/outcome.js";
import { table } from "../cli/tables.js";
import { flag, requireEnv } from "../deploy/envs.js";
import type { Importable, Importing } from "../estate/adopting.js";
import type { Deps } from "../estate/deps.js";
import { variablesOf } from "../estate/target.js";
import { isAbout, type Worlds } from "../estate/worlds.js";
import { ONLY_PLANS } from "./run.js";

/** Names under which scripts have found artifacts and members since before there were several kinds. */
const { kind: FIRST, words: NAMES } = RULES.ebs;

export interface AdoptArgs {
  readonly env: string;
  readonly policy: string;
  /** Published systems whose artifacts are meant. */
  readonly from: readonly SystemName[];
  /** An expression over tags, as in the config, as JSON. */
  readonly select?: string;
  /** Write it; else it is only said. */
  readonly yes: boolean;
}

/** Brings what others have made under a policy: says what would become of them, and with `--yes` makes them points. */
export async function adopt(args: AdoptArgs, deps: Deps): Promise<Outcome> {
  const select = selectOf(args);
  const record = await requireEnv(deps.places, args.env);
  const estate = await deps.estate(record, await variablesOf(record.target, deps));
  const worlds = await estate.worlds();
  const [{ home, policies, tagNames, mode }] = worlds;
  const policy = policies.find(({ name }) => name === args.policy);
  if (!policy) {
    const known = policies.map(({ name }) => name).join(", ");
    throw new CommandProblem("usage", `--policy ${args.policy}: there is no such policy; there are ${known}.`);
  }
  const { deployment } = record;
  const kinds = worlds.filter((inventory) => isAbout(inventory, policy)).map(({ kind }) => kind);
  const wanted = await estate.importing({ deployment, home, policy, select, tagNames }, kinds);
  const after = afterwards(worlds, wanted.points);
  const data = { region: home, policy: policy.name, ...dataOf(wanted, after) };
  const text = textOf(wanted, kinds, after);
  if (wanted.imported.length === 0) return done({ ...data, written: 0 }, text);
  if (!args.yes) {
    return done({ ...data, written: 0 }, `${text}\nNothing was written. To do it: \`${commandOf(args)} --yes\`.`);
  }
  if (mode === "plan") throw new CommandProblem("refused", ONLY_PLANS);
  const refused = await estate.import(wanted.imported);
  const written = wanted.imported.length - refused.size;
  const lines = [...refused].map(([artifact, cause]) => `${artifact} was refused: ${cause}`);
  const made = wanted.imported.filter(({ artifact }) => !refused.has(artifact));
  const said = [text, ...lines, `${countOf(made, kinds)} are points of ${policy.name} now.`].join("\n");
  return refused.size > 0 ? failed({ ...data, written }, said) : done({ ...data, written }, said);
}

function selectOf({ from, select }: AdoptArgs): Select {
  const any: Select[] = from.map((name) => SYSTEMS[name]);
  if (select !== undefined) any.push(parsed(select));
  const expressions = any.flatMap((one) => ("everything" in one ? [] : [one]));
  if (expressions.length < any.length || expressions.length === 0)
    throw new CommandProblem(
      "usage",
      "Say whose snapshots or backups: --from a published system, or --select with an expression over tags.",
    );
  return { any: expressions };
}

function parsed(text: string): Select {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CommandProblem("usage", `--select ${text}: give JSON like {"key":"Backup","value":"daily"}`);
  }
  const { success, output, issues } = v.safeParse(Select, value);
  if (success) return output;
  const said = problemsOf(issues, "--select").map(formatProblem);
  throw new CommandProblem("usage", said.join("\n"));
}

/** What the planner would do with the new points: the same code that decides about them afterwards. */
function afterwards(worlds: Worlds, points: readonly Point[]): ReadonlyMap<string, Action["do"][]> {
  const actions = planAll(
    worlds.map((inventory) => withPoints(inventory, points)),
    RULES,
  );
  const ids = new Map(points.map(({ id }) => [id, [] as Action["do"][]]));
  for (const { do: verb, point } of actions) ids.get(point)?.push(verb);
  return ids;
}

/** With those of the new points that are of its kind. */
function withPoints(inventory: Inventory, points: readonly Point[]): Inventory {
  const { home, regions, kind } = inventory;
  const added = points.filter((point) => kindWith(RULES, point.kind) === kind);
  if (added.length === 0) return inventory;
  const view = regions[home];
  if (!view?.complete)
    throw new CommandProblem("failed", `${home} could not be read: ${view?.reason ?? "it was not surveyed"}.`);
  return { ...inventory, regions: { ...regions, [home]: { ...view, points: [...view.points, ...added] } } };
}

const pointOf = ({ tags }: Imported): string => tags[TAG.point] ?? "";

const dataOf = ({ imported, skipped }: Importing, after: ReadonlyMap<string, Action["do"][]>) => ({
  adopted: imported.map((one) => ({
    ...(one.kind === FIRST ? { [NAMES.artifact]: one.artifact, [NAMES.member]: one.member } : {}),
    kind: one.kind,
    artifact: one.artifact,
    member: one.member,
    point: pointOf(one),
    managedBy: one.managedBy ?? null,
    next: after.get(pointOf(one)) ?? [],
  })),
  skipped: skipped.map(({ kind, artifact, why }) => ({
    ...(kind === FIRST ? { [NAMES.artifact]: artifact } : {}),
    ...{ kind, artifact, why },
  })),
});

const wordsOf = (kind: string): KindWords => rulesOf(RULES, kind).words;

/** So many of each kind. */
const countOf = (imported: readonly Importable[], kinds: readonly string[]): string =>
  kinds
    .map((kind) => `${imported.filter((one) => one.kind === kind).length} ${wordsOf(kind).artifact}(s)`)
    .join(" and ");

function textOf(
  { imported, skipped }: Importing,
  kinds: readonly string[],
  after: ReadonlyMap<string, Action["do"][]>,
): string {
  if (imported.length + skipped.length === 0)
    return `No ${kinds.map((kind) => wordsOf(kind).artifact).join(" or ")} has such tags.`;
  const tables = kinds.flatMap((kind) => {
    const mine = imported.filter((one) => one.kind === kind);
    return mine.length === 0 && imported.length > 0 ? [] : [tableOf(mine, wordsOf(kind), after)];
  });
  const why = [...Map.groupBy(skipped, (one) => one.why)].map(([reason, of]) => `${of.length} left out: ${reason}`);
  return [`${countOf(imported, kinds)} become points:`, ...tables, ...why].join("\n");
}

/** A line for each member; there may be thousands of artifacts. */
function tableOf(
  imported: readonly Importable[],
  words: KindWords,
  after: ReadonlyMap<string, Action["do"][]>,
): string {
  const rows = [...Map.groupBy(imported, ({ member }) => member)].map(([member, of]) => {
    const count = (verb: Action["do"]) => String(of.filter((one) => after.get(pointOf(one))?.includes(verb)).length);
    const others = [...new Set(of.flatMap(({ managedBy }) => managedBy ?? []))].join(", ");
    return [
      member,
      String(of.length),
      count("keep"),
      count("copy"),
      count("delete"),
      count("pending-approval"),
      others,
    ];
  });
  const head = [
    words.member,
    words.artifacts,
    "kept",
    "copied next",
    "expired at once",
    "wait for approval",
    "never pruned, of",
  ];
  return table(head, rows);
}

function commandOf({ env, policy, from, select }: AdoptArgs): string {
  const whose = [...from.map((name) => ` --from ${name}`), ...(select === undefined ? [] : [` --select '${select}'`])];
  return `lockstep adopt${flag(env)} --policy ${policy}${whose.join("")}`;
}
