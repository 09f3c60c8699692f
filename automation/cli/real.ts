import { type Choose, type Cli, pick, withYes } from "./common.js";

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d$/;
const KEY_ARN = /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/.+$/;

/** Commands for a real account. */
export const real = (cli: Cli, choose: Choose) => smoke(rights(cli, choose), choose);

const smoke = (cli: Cli, choose: Choose) =>
  cli.command(
    "smoke",
    "try everything in two regions, record what AWS answers, and remove it again",
    (y) =>
      withYes(y)
        .option("target", { choices: ["sandbox", "aws"] as const, describe: "where to" })
        .option("home", { type: "string", default: "us-east-1", requiresArg: true, describe: "the one region" })
        .option("away", { type: "string", default: "us-west-2", requiresArg: true, describe: "the other region" })
        .option("only", { choices: ["probes", "journey"] as const, describe: "one half of it" })
        .option("out", { type: "string", requiresArg: true, describe: "file for the recording" })
        .check(({ home, away }) => {
          for (const [option, region] of Object.entries({ home, away }))
            if (!REGION.test(region)) throw new Error(`--${option} ${region}: give a region like eu-west-1`);
          if (home === away) throw new Error("--home and --away: give two regions");
          return true;
        }),
    ({ target, home, away, yes, only, out, ...a }) =>
      choose({
        ...pick(a),
        name: "smoke",
        home,
        away,
        yes,
        ...(target === undefined ? {} : { target }),
        ...(only === undefined ? {} : { only }),
        ...(out === undefined ? {} : { out }),
      }),
  );

const rights = (cli: Cli, choose: Choose) =>
  cli.command(
    "rights",
    "print the IAM policy that whoever deploys needs",
    (y) =>
      y
        .option("account", { type: "string", requiresArg: true, describe: "the account's number (default: any)" })
        .option("workload", { type: "boolean", default: false, describe: "also for instances worth protecting" })
        .option("purge", { type: "boolean", default: false, describe: "also for `down --purge`" })
        .option("state", { type: "string", requiresArg: true, describe: "the bucket of the engine's state" })
        .option("key", { type: "string", requiresArg: true, describe: "ARN of the key of the engine's secrets" })
        .option("out", { type: "string", requiresArg: true, describe: "folder to write managed policies into" })
        .check(({ account, state, key }) => {
          const wrong = (option: string, want: string) => {
            throw new Error(`--${option}: give ${want}`);
          };
          if (account !== undefined && !/^\d{12}$/.test(account)) wrong("account", "a number of 12 digits");
          if (state !== undefined && !BUCKET.test(state)) wrong("state", "the name of a bucket");
          if (key !== undefined && !KEY_ARN.test(key)) wrong("key", "the ARN of a KMS key");
          return true;
        }),
    ({ account, workload, purge, state, key, out, ...a }) =>
      choose({
        ...pick(a),
        name: "rights",
        workload,
        purge,
        ...(account === undefined ? {} : { account }),
        ...(state === undefined ? {} : { state }),
        ...(key === undefined ? {} : { key }),
        ...(out === undefined ? {} : { out }),
      }),
  );
