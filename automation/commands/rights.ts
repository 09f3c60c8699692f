import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { done, type Outcome } from "../cli/outcome.js";
import { readEnv } from "../deploy/envs.js";
import { engineConfig } from "../deploy/setting.js";
import type { Deps } from "../estate/deps.js";
import type { PolicyDocument } from "../rights/model.js";
import { pack } from "../rights/pack.js";
import { policyOf } from "../rights/policy.js";
import { walk } from "../rights/program.js";

export interface RightsArgs {
  readonly env: string;
  /** 12 digits; any account without it. */
  readonly account?: string;
  readonly workload: boolean;
  readonly purge: boolean;
  readonly state?: string;
  readonly key?: string;
  /** Folder to write managed policies into. */
  readonly out?: string;
}

/** The rights that the person needs who deploys: read off the program itself, without asking AWS anything. */
export async function rights(args: RightsArgs, deps: Deps): Promise<Outcome> {
  const { account = "*", out, state, key } = args;
  const before = await readEnv(deps.places, args.env);
  const { project, stacks } = await deps.config(args.env, before?.config ?? {});
  const wanted = stacks.filter(({ record }) => record.role !== "workload" || args.workload);
  const walked = [];
  // One after the other: the program registers with the one runtime of the process.
  for (const { settings } of wanted) walked.push(await walk(engineConfig(project, settings), account));
  const policy = policyOf(walked, {
    purge: args.purge,
    ...(state === undefined ? {} : { state }),
    ...(key === undefined ? {} : { key }),
  });
  if (out === undefined) return done(policy, json(policy));
  const files = await write(pack(policy), resolve(out));
  return done({ files }, files.join("\n"));
}

const json = (policy: PolicyDocument): string => JSON.stringify(policy, null, 2);

/** One file a managed policy: IAM takes no longer ones. */
async function write(policies: readonly PolicyDocument[], folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const [i, policy] of policies.entries()) {
    const file = join(folder, `lockstep-${i + 1}.json`);
    await writeFile(file, `${json(policy)}\n`);
    files.push(file);
  }
  return files;
}
