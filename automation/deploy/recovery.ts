import { CommandProblem, messageOf } from "../cli/outcome.js";
import { namesTaken } from "./guard.js";
import { type Checkpoint, hasOperations, interruptedIn, type StateResource, shortName, withMade } from "./pending.js";

/** What a person found out about resources whose making was interrupted: their id by URN, or that they are not there. */
export type Decisions = ReadonlyMap<string, { readonly id: string } | "forget">;

/** What a recovery needs of a stack. */
export interface Recoverable {
  /** The engine's name of it. */
  readonly name: string;
  readonly region: string;
  read(): Promise<Checkpoint>;
  /** Fails when somebody else works on the stack. */
  write(checkpoint: Checkpoint): Promise<void>;
  /** Brings what the state says of these to what is there. */
  refresh(urns: readonly string[]): Promise<void>;
  find(resource: StateResource): Promise<Found>;
}

/** The id of a resource if it exists; or the ids of those that look like it; undefined where nobody can tell. */
export type Found = { readonly id: string } | { readonly alike: readonly string[] } | undefined;

interface RecoveryOptions {
  readonly decisions?: Decisions;
  say(line: string): void;
}

/**
 * Runs a change on a state in which nothing is left open. A provider that outlives its engine may finish what it was
 * making only after we looked; so when the change then finds a name taken, it looks once more.
 */
export async function recovering<T>(
  stack: Recoverable,
  options: RecoveryOptions,
  change: () => Promise<T>,
): Promise<T> {
  const gone = await recover(stack, options, []);
  try {
    return await change();
  } catch (error) {
    if (gone.length === 0 || !namesTaken(messageOf(error))) throw error;
    await recover(stack, options, gone);
    return change();
  }
}

/** Fails as a recovery would where only a person can tell what became of something. Changes nothing. */
export async function checkRecovery(stack: Recoverable, decisions: Decisions): Promise<void> {
  const checkpoint = await stack.read();
  const { creates } = interruptedIn(checkpoint);
  checkDecisions(decisions, stack.name, creates);
  await idsOf(creates, checkpoint, stack, decisions);
}

/** Makes right what a killed engine left. Returns what was being made and is not there; `again` is to be looked for too. */
async function recover(
  stack: Recoverable,
  { decisions = new Map(), say }: RecoveryOptions,
  again: readonly StateResource[],
): Promise<readonly StateResource[]> {
  const checkpoint = await stack.read();
  const { creates, others } = interruptedIn(checkpoint);
  if (again.length === 0) checkDecisions(decisions, stack.name, creates);
  const known = new Set((checkpoint.deployment?.resources ?? []).map((r) => r.urn));
  const open = [...creates, ...again.filter((r) => !known.has(r.urn) && !creates.some((c) => c.urn === r.urn))];
  if (!hasOperations(checkpoint) && open.length === 0) return [];
  const made = await idsOf(open, checkpoint, stack, decisions);
  await stack.write(withMade(checkpoint, made));
  const urns = [...new Set([...[...made.keys()].map((r) => r.urn), ...others])];
  if (urns.length > 0) await stack.refresh(urns);
  const after = new Set(((await stack.read()).deployment?.resources ?? []).map((r) => r.urn));
  const gone = open.filter((r) => !after.has(r.urn));
  const adopted = `adopted ${open.length - gone.length} of ${open.length} resource(s) that it was making`;
  say(`a run was interrupted: ${adopted}, looked at ${others.length} that it was changing or removing`);
  return gone;
}

async function idsOf(
  open: readonly StateResource[],
  checkpoint: Checkpoint,
  stack: Recoverable,
  decisions: Decisions,
): Promise<Map<StateResource, string>> {
  const made = new Map<StateResource, string>();
  const unclear: string[] = [];
  for (const resource of open) {
    const decision = decisions.get(resource.urn);
    if (decision === "forget") continue;
    const found = decision ?? (await stack.find(resource));
    const ids = found && ("id" in found ? [found.id] : found.alike.filter((id) => !isTaken(checkpoint, resource, id)));
    const [id, second] = ids ?? [];
    if (ids === undefined || second !== undefined) unclear.push(questionOf(resource, ids ?? []));
    else if (id !== undefined) made.set(resource, id);
  }
  if (unclear.length === 0) return made;
  throw new CommandProblem(
    "refused",
    `A run was interrupted while it made these, and nobody here can tell whether they exist in ${stack.region}:\n` +
      `${unclear.join("\n")}\n` +
      "Look for each of them, then repeat the command with these options, one for each.",
  );
}

/** Whether the state has it already: as another resource, or as the predecessor that it should replace. */
const isTaken = ({ deployment }: Checkpoint, { type }: StateResource, id: string): boolean =>
  (deployment?.resources ?? []).some((r) => r.id === id && r.type === type);

const questionOf = (resource: StateResource, found: readonly string[]): string =>
  `  ${shortName(resource)}${found.length > 0 ? `, perhaps ${found.join(" or ")}` : ""}\n` +
  `    if it exists: --adopt '${resource.urn}=<id>'\n` +
  `    if not:       --forget '${resource.urn}'`;

/** Checks that each decision is about something that is open. */
function checkDecisions(decisions: Decisions, stack: string, creates: readonly StateResource[]): void {
  for (const urn of decisions.keys()) {
    if (urn.startsWith(`urn:pulumi:${stack}::`) && !creates.some((r) => r.urn === urn))
      throw new CommandProblem("usage", `${urn}: the making of it was not interrupted.`);
  }
}
