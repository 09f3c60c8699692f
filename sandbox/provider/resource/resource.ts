import type { ClientConfig } from "../calls/clients.js";
import type { Props } from "../wire.js";
import { type Prop, type Shape, string, type Values } from "./schema.js";

/** What a resource type may use: clients of the resource's region, and where things are. */
export interface Context {
  readonly region: string;
  readonly account: string;
  readonly partition: string;
  /** Relative paths of assets and archives start here. */
  readonly projectRoot: string;
  client<C extends { destroy(): void }>(type: new (config: ClientConfig) => C): C;
}

/** How a name is made when the program gives none. */
export interface AutoName {
  readonly property: string;
  readonly max: number;
  /** Bucket names are lower case, FIFO names end in `.fifo`, aliases start with `alias/`. */
  readonly shape?: (name: string, inputs: Props) => string;
}

/** One AWS resource type: what goes in, what comes out, and the calls that make it so. */
export interface Spec<S extends Shape, O extends string> {
  readonly token: string;
  readonly inputs: S;
  /** What AWS decides; unknown in the preview of a create. */
  readonly outputs: readonly O[];
  readonly autoName?: AutoName;
  /** Global services have no `region` property. */
  readonly global?: true;
  /** Where the official provider deletes first although the name is free. */
  readonly deleteBeforeReplace?: true;
  /** Outputs that change when these inputs do. */
  readonly recomputed?: (changed: ReadonlySet<string>) => readonly O[];
  /** What is wrong with inputs that are right one by one. */
  readonly validate?: (inputs: Props) => { property: string; reason: string } | undefined;
  /** Makes it and returns its id; a name that is taken is AWS's error. */
  create(context: Context, inputs: Values<S>): Promise<string>;
  /** What is set once it exists; when this fails, the thing stays in the engine's state and the next update mends it. */
  settle?(context: Context, id: string, inputs: Values<S>): Promise<void>;
  /**
   * What AWS says of it now, undefined when it is gone. A key that is missing was not read, a key that is undefined is
   * not set. `prior` is the last known state; on import it holds nothing but what the id says.
   */
  read(context: Context, id: string, prior: Partial<Values<S>>): Promise<ReadResult<S, O> | undefined>;
  /** Brings it from `prior` to `next`; without it every change must be a replacement. */
  update?(context: Context, id: string, next: Values<S>, prior: Values<S>, changed: ReadonlySet<string>): Promise<void>;
  /** Takes it away; being gone already is success. */
  remove(context: Context, id: string, state: Values<S>): Promise<void>;
}

export type ReadResult<S extends Shape, O extends string> = { readonly [K in O]?: unknown } & {
  readonly [K in keyof S]?: unknown;
};

/** A resource type as the provider uses it: the types of its values are proved by Check, not by the compiler. */
export interface ResourceType {
  readonly token: string;
  readonly inputs: Shape;
  readonly outputs: readonly string[];
  readonly autoName: AutoName | undefined;
  readonly global: boolean;
  readonly deleteBeforeReplace: boolean;
  recomputed(changed: ReadonlySet<string>): readonly string[];
  validate(inputs: Props): { property: string; reason: string } | undefined;
  create(context: Context, inputs: Props): Promise<string>;
  settle(context: Context, id: string, inputs: Props): Promise<void>;
  read(context: Context, id: string, prior: Props): Promise<Props | undefined>;
  update(context: Context, id: string, next: Props, prior: Props, changed: ReadonlySet<string>): Promise<void>;
  remove(context: Context, id: string, state: Props): Promise<void>;
}

const REGION: Prop<string, false> = string({ computed: true, replace: true });

/** Makes a resource type of its description. */
export function resource<S extends Shape, const O extends string>(spec: Spec<S, O>): ResourceType {
  // Check proved that the values are of this shape before any of these calls.
  const values = (props: Props) => props as Values<S>;
  return {
    token: spec.token,
    inputs: spec.global ? spec.inputs : { ...spec.inputs, region: REGION },
    outputs: spec.outputs,
    autoName: spec.autoName,
    global: spec.global ?? false,
    deleteBeforeReplace: spec.deleteBeforeReplace ?? false,
    recomputed: (changed) => spec.recomputed?.(changed) ?? [],
    validate: (inputs) => spec.validate?.(inputs),
    create: (context, inputs) => spec.create(context, values(inputs)),
    settle: async (context, id, inputs) => spec.settle?.(context, id, values(inputs)),
    read: (context, id, prior) => spec.read(context, id, values(prior)),
    async update(context, id, next, prior, changed) {
      if (!spec.update) throw new Error(`${spec.token}: ${[...changed].join(", ")} cannot be changed in place`);
      await spec.update(context, id, values(next), values(prior), changed);
    },
    remove: (context, id, state) => spec.remove(context, id, values(state)),
  };
}

/** The value of a call, or undefined when AWS says that the thing is not there. */
export async function unlessGone<T>(call: Promise<T>, ...errors: readonly string[]): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && errors.includes(error.name)) return undefined;
    throw error;
  }
}
