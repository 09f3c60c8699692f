import { type Choose, type Cli, pick } from "./cli-common.js";

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const KEY_ARN = /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/.+$/;

/** Commands for a real account. */
export const real = (cli: Cli, choose: Choose) =>
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
