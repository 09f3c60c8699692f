import { hasUnknown, type Props, UNKNOWN } from "../wire.js";
import { DEFAULTS } from "./check.js";
import { type Change, diff } from "./diff.js";
import { adopt, isEmpty, same } from "./equal.js";
import type { Context, ResourceType } from "./resource.js";

/** What a program gave, without what only Check needs. */
function inputsOf(type: ResourceType, props: Props): Props {
  return Object.fromEntries(Object.entries(props).filter(([key]) => key in type.inputs));
}

/** The state that a create will have, as far as it can be known before. */
export function previewCreate(type: ResourceType, inputs: Props): Props {
  const computed = Object.entries(type.inputs).filter(([, prop]) => prop.computed);
  const open = [...type.outputs, ...computed.map(([name]) => name)];
  return { ...Object.fromEntries(open.map((name) => [name, UNKNOWN])), ...inputsOf(type, inputs) };
}

/** The state that an update will have: what AWS decided stays known unless the change touches it. */
export function previewUpdate(type: ResourceType, state: Props, news: Props): Props {
  const changed = changedProperties(diff(type, state, news, []));
  const open = type.recomputed(changed).map((name) => [name, UNKNOWN] as const);
  return { ...kept(type, state, news), ...inputsOf(type, news), ...Object.fromEntries(open) };
}

/** What stays of the old state where the new inputs say nothing: outputs, and what AWS filled in. */
function kept(type: ResourceType, state: Props, news: Props): Props {
  return Object.fromEntries(
    Object.entries(state).filter(([key]) => {
      const prop = type.inputs[key];
      return prop ? prop.computed && news[key] === undefined : type.outputs.includes(key);
    }),
  );
}

/** Makes a resource. Once it exists, a failure comes with what there is of it. */
export async function create(type: ResourceType, context: Context, inputs: Props): Promise<Created> {
  if (hasUnknown(inputs)) throw new Error(`${type.token}: an input is not known`);
  const given = inputsOf(type, inputs);
  const id = await type.create(context, given);
  try {
    await type.settle(context, id, given);
    const state = await observe(type, context, id, given);
    if (!state) throw new Error(`${type.token}: ${id} was made but is not there`);
    return { id, state };
  } catch (error) {
    const state = await observe(type, context, id, given).catch(() => undefined);
    return { id, state: state ?? given, error };
  }
}

export interface Created {
  readonly id: string;
  readonly state: Props;
  /** It exists, but not as it should be. */
  readonly error?: unknown;
}

export async function update(
  type: ResourceType,
  context: Context,
  id: string,
  news: Props,
  state: Props,
): Promise<Props> {
  if (hasUnknown(news)) throw new Error(`${type.token}: an input is not known`);
  const changed = changedProperties(diff(type, state, news, []));
  // Tags of its own that were default tags before (or the reverse) are the same tags to AWS.
  const nothing = [...changed].every((property) => property === "tags" && "tagsAll" in type.inputs);
  if (!nothing) await type.update(context, id, inputsOf(type, news), state, changed);
  const next = await observe(type, context, id, { ...kept(type, state, news), ...inputsOf(type, news) });
  if (!next) throw new Error(`${type.token}: ${id} is gone`);
  return next;
}

function changedProperties(changes: readonly Change[]): ReadonlySet<string> {
  return new Set(changes.map(({ property }) => property));
}

/** What AWS has now, in the form of what we know where both mean the same; undefined when it is gone. */
export async function observe(
  type: ResourceType,
  context: Context,
  id: string,
  known: Props,
): Promise<Props | undefined> {
  const seen = await type.read(context, id, known);
  if (!seen) return undefined;
  const state: Props = { ...known, ...(type.global ? {} : { region: context.region }) };
  for (const [key, value] of Object.entries(seen)) {
    const prop = type.inputs[key];
    state[key] = prop ? adopt(prop, value, known[key]) : value;
  }
  return withTags(type, state, known);
}

/** AWS knows one set of tags; those that only the provider's defaults gave are not the resource's own. */
function withTags(type: ResourceType, state: Props, known: Props): Props {
  if (!("tagsAll" in type.inputs) || same(type.inputs["tagsAll"], state["tagsAll"], known["tagsAll"])) return state;
  const before = tagMap(known["tagsAll"]);
  const own = tagMap(known["tags"]);
  const now = tagMap(state["tagsAll"]);
  const tags = Object.entries(now).filter(([key, value]) => key in own || before[key] !== value);
  return { ...state, tags: Object.fromEntries(tags) };
}

function tagMap(value: unknown): Props {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** The inputs that a program would have to give to get this state; keeps the form of the old ones. */
export function inputsFrom(type: ResourceType, state: Props, oldInputs: Props): Props {
  const imported = Object.keys(oldInputs).length === 0;
  const inputs: Props = imported ? { [DEFAULTS]: [] } : { [DEFAULTS]: oldInputs[DEFAULTS] ?? [] };
  for (const [key, prop] of Object.entries(type.inputs)) {
    const [now, before] = [state[key], oldInputs[key]];
    if (before !== undefined) inputs[key] = same(prop, now, before) ? before : now;
    else if (!isEmpty(now) && !same(prop, now, prop.default) && (imported || !prop.computed)) inputs[key] = now;
  }
  return inputs;
}
