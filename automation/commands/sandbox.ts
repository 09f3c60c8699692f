import type { SandboxVerb } from "../cli/model.js";
import { CommandProblem, done, type Outcome } from "../cli/outcome.js";
import { allOf, type Say } from "../cli/progress.js";
import { holds, locksOf } from "../deploy/locks.js";
import type { Deps, SandboxChoices } from "../estate/deps.js";
import { lockText } from "./cancel.js";

const LOOK_EVERY_MS = 2_000;

type SandboxDeps = Pick<Deps, "sandbox" | "progress" | "sleep" | "interruption">;

/** Runs, shows or ends the local AWS, shows or moves its time. */
export async function sandbox(
  args: { readonly verb: SandboxVerb } & SandboxChoices,
  deps: SandboxDeps,
): Promise<Outcome> {
  if (args.verb === "down" || args.verb === "reset") await refuseWhileUsed(args.verb, deps);
  const work = () => deps.sandbox.command(args.verb, args);
  if (!args.replay) return outcome(await work());
  const [result] = allOf(await deps.progress.together([{ title: "replay", run: (say) => watched(work, say, deps) }]));
  if (result === undefined) throw new Error("the job has no result");
  return outcome(result);
}

/** A deployment at work in it would fail half-way. */
async function refuseWhileUsed(verb: SandboxVerb, deps: SandboxDeps): Promise<void> {
  // One that does not answer can be ended all the same.
  const variables = await deps.sandbox.variables().catch(() => undefined);
  const locks = (await locksOf(variables?.["PULUMI_BACKEND_URL"] ?? "")) ?? [];
  const held = locks.filter(holds);
  if (held.length === 0) return;
  throw new CommandProblem(
    "busy",
    `A stack in the sandbox is ${lockText(held)}. Wait for it to end, then \`lockstep sandbox ${verb}\` again. Nothing was changed.`,
  );
}

const outcome = ({ data, text }: { readonly data: unknown; readonly text: string }): Outcome => done(data, text);

/** A replay takes a while: tells now and then how far it is. */
async function watched<T>(work: () => Promise<T>, say: Say, deps: SandboxDeps): Promise<T> {
  const working = work();
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  const ended = working.then(over, over);
  for (;;) {
    await Promise.race([ended, deps.sleep(LOOK_EVERY_MS)]);
    if (isOver) return working;
    deps.interruption.signal.throwIfAborted();
    say((await deps.sandbox.command("clock")).text);
  }
}
