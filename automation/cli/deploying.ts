import { type Choose, type Cli, checkEnv, pick, withDecisions, withRemoval, withTarget, withYes } from "./common.js";
import type { Common, Target } from "./model.js";

/** Commands that change what is deployed. */
export const deploying = (cli: Cli, choose: Choose) =>
  environments(
    cli
      .command(
        "up",
        "deploy the stacks of both regions",
        (y) => withYes(withDecisions(withTarget(y))),
        (a) => choose(upOf(a)),
      )
      .command(
        "down",
        "remove the stacks; recovery points stay",
        (y) => withDecisions(withRemoval(y)),
        (a) => choose(downOf(a)),
      )
      .command(
        "preview",
        "say what `up` would change, and change nothing",
        (y) => withTarget(y),
        (a) => choose({ ...pick(a), name: "preview", workload: a.workload, ...targetOf(a) }),
      )
      .command(
        "refresh",
        "compare the stacks with what is there",
        (y) => withDecisions(y),
        (a) => choose({ ...pick(a), name: "refresh", adopt: a.adopt, forget: a.forget }),
      )
      .command(
        "cancel",
        "take away the locks that a killed run left",
        (y) =>
          y.option("yes", { type: "boolean", default: false, describe: "also where the owner may still be at work" }),
        (a) => choose({ ...pick(a), name: "cancel", yes: a.yes }),
      ),
    choose,
  );

/** An environment of its own, with a workload in it. */
const environments = (cli: Cli, choose: Choose) =>
  cli.command(
    "env <verb> [name]",
    "up or down: both stacks and a workload by the name of an environment; list: all of them",
    (y) =>
      withDecisions(withRemoval(y))
        .positional("verb", { choices: ["up", "down", "list"] as const, demandOption: true })
        .positional("name", { type: "string" })
        .option("target", { choices: ["sandbox", "aws"] as const, describe: "where to (remembered)" })
        .check(({ verb, name, purge, target }) => {
          if (verb === "list") return name === undefined || refuse("`env list` takes no name");
          if (name === undefined) refuse(`name the environment: lockstep env ${verb} <name>`);
          if (purge && verb !== "down") refuse("--purge goes with `env down` only");
          if (target !== undefined && verb !== "up") refuse("--target goes with `env up` only");
          return checkEnv(String(name), "environment");
        }),
    ({ verb, name, ...rest }) => {
      if (verb === "list") return choose({ ...pick(rest), name: "envs" });
      const a = { ...rest, env: String(name), workload: true };
      return choose(verb === "up" ? upOf(a) : downOf(a));
    },
  );

function refuse(message: string): never {
  throw new Error(message);
}

interface Decided {
  readonly adopt: string[];
  readonly forget: string[];
}

const targetOf = ({ target }: { target?: Target | undefined }) => (target === undefined ? {} : { target });

const upOf = (a: Common & Decided & { target?: Target | undefined; workload: boolean; yes: boolean }) => ({
  ...pick(a),
  name: "up" as const,
  workload: a.workload,
  yes: a.yes,
  adopt: a.adopt,
  forget: a.forget,
  ...targetOf(a),
});

const downOf = (a: Common & Decided & { yes: boolean; purge: boolean }) => ({
  ...pick(a),
  name: "down" as const,
  yes: a.yes,
  purge: a.purge,
  adopt: a.adopt,
  forget: a.forget,
});
