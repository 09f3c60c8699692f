import * as v from "valibot";

/**
 * What an engine that was killed leaves in its state, and how it is made right.
 *
 * Before each step the engine writes down what it is about to do; of a step that it could not finish, it does not know
 * whether it happened. Changes and removals leave the resource in the state: a refresh tells how it is now. What was
 * being created is not in the state at all, and the next `up` finds its name taken. Names are ours by convention, so its
 * id is known: it is put into the state as if it had been recorded, and the refresh that follows keeps what is there and
 * drops what is not. (`pulumi refresh --import-pending-creates` of 3.250 renames the operation and then drops it.)
 */

const Resource = v.looseObject({
  urn: v.string(),
  type: v.string(),
  custom: v.optional(v.boolean(), false),
  id: v.optional(v.string()),
  inputs: v.optional(v.record(v.string(), v.unknown()), {}),
  outputs: v.optional(v.record(v.string(), v.unknown())),
  delete: v.optional(v.boolean()),
  protect: v.optional(v.boolean()),
  pendingReplacement: v.optional(v.boolean()),
});

const Operation = v.looseObject({ type: v.string(), resource: Resource });

/** The parts of a checkpoint that matter here (sdk/go/common/apitype/core.go of Pulumi: DeploymentV3). */
export const Checkpoint = v.looseObject({
  version: v.number(),
  deployment: v.nullable(
    v.looseObject({
      resources: v.optional(v.nullable(v.array(Resource)), []),
      pending_operations: v.optional(v.nullable(v.array(Operation)), []),
    }),
  ),
});

export type Checkpoint = v.InferOutput<typeof Checkpoint>;
export type StateResource = v.InferOutput<typeof Resource>;

/** A name that lasts of a resource, for people. */
export const shortName = ({ type, urn }: Pick<StateResource, "type" | "urn">): string =>
  `${type} ${urn.split("::").at(-1)}`;

/** What was being made and what was being changed or removed when the engine was killed. */
export interface Interrupted {
  readonly creates: readonly StateResource[];
  /** URNs of what the state has and of which it does not know how it is. */
  readonly others: readonly string[];
}

export const hasOperations = ({ deployment }: Checkpoint): boolean => (deployment?.pending_operations ?? []).length > 0;

/** What the state says of an interrupted run. */
export function interruptedIn({ deployment }: Checkpoint): Interrupted {
  const operations = (deployment?.pending_operations ?? []).filter(({ resource }) => isReal(resource));
  const known = new Set((deployment?.resources ?? []).map((r) => r.urn));
  return {
    creates: operations.filter((o) => o.type === "creating").map((o) => o.resource),
    others: operations.filter((o) => o.type !== "creating" && known.has(o.resource.urn)).map((o) => o.resource.urn),
  };
}

/** Components and the providers themselves are nothing outside of the engine. */
const isReal = ({ custom, type }: StateResource): boolean => custom && !type.startsWith("pulumi:");

/** What is open, for people. */
export const openIn = ({ deployment }: Checkpoint): string[] =>
  (deployment?.pending_operations ?? []).map(({ type, resource }) => `${type} ${shortName(resource)}`);

/** The state without interrupted operations, in which each of `made` is as if its making had been recorded. */
export function withMade(checkpoint: Checkpoint, made: ReadonlyMap<StateResource, string>): Checkpoint {
  const { deployment } = checkpoint;
  if (!deployment) return checkpoint;
  const urns = new Set([...made.keys()].map((r) => r.urn));
  const before = (deployment.resources ?? []).flatMap((r) => {
    if (!urns.has(r.urn) || r.delete) return [r];
    // Its predecessor: gone already where it had to make room, else to be removed by the next run.
    return r.pendingReplacement ? [] : [{ ...r, delete: true }];
  });
  const added = [...made].map(([resource, id]) => ({
    ...resource,
    id,
    outputs: Object.fromEntries(Object.entries(resource.inputs).filter(([key]) => key !== "__defaults")),
  }));
  return { ...checkpoint, deployment: { ...deployment, resources: [...before, ...added], pending_operations: [] } };
}
