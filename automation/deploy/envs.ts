import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { CommandProblem } from "../cli/outcome.js";

/** The project and the folder where everything that is not tracked lies. */
export interface Places {
  readonly project: string;
  /** `.lockstep` of the project, unless told otherwise. */
  readonly home: string;
}

const STACK_ROLES = ["primary", "dr", "workload"] as const;

export const StackRecord = v.strictObject({
  /** Name of the tracked file: `primary` of Pulumi.primary.yaml. */
  id: v.string(),
  /** The engine's name of it. */
  name: v.string(),
  role: v.picklist(STACK_ROLES),
  region: v.string(),
});

const EnvRecord = v.strictObject({
  env: v.string(),
  target: v.picklist(["sandbox", "aws"]),
  deployment: v.string(),
  stacks: v.array(StackRecord),
  /** Whether resources with data refuse to be destroyed. */
  protected: v.boolean(),
  /** Settings of its own, put over the tracked ones each time it is deployed. */
  config: v.record(v.string(), v.unknown()),
});

/** One stack of an environment. */
export type StackRecord = v.InferOutput<typeof StackRecord>;

/** A stack that protects or keeps copies. */
export type Controller = StackRecord & { readonly role: "primary" | "dr" };

/** The stacks of an environment that protect or keep copies. */
export const controllersOf = ({ stacks }: EnvRecord): readonly Controller[] =>
  stacks.flatMap((s) => (s.role === "workload" ? [] : [{ ...s, role: s.role }]));

/** An environment: the stacks that belong together and where they are. */
export type EnvRecord = v.InferOutput<typeof EnvRecord>;

/** Folder of an environment: engine settings and the record. */
export const envFolder = (places: Places, env: string): string => join(places.home, "envs", env);

/** The environment as deployed; undefined where there is none. */
export async function readEnv(places: Places, env: string): Promise<EnvRecord | undefined> {
  const file = join(envFolder(places, env), "env.json");
  if (!existsSync(file)) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), EnvRecord), await readFile(file, "utf8"));
  if (parsed.success) return parsed.output;
  throw new CommandProblem("usage", `${file} is not what this version writes: remove it and run \`lockstep up\`.`);
}

/** The environment as deployed, or the advice to deploy it. */
export async function requireEnv(places: Places, env: string): Promise<EnvRecord> {
  const record = await readEnv(places, env);
  if (record) return record;
  throw new CommandProblem("refused", `There is no environment "${env}". Run \`lockstep up${flag(env)}\` first.`);
}

export const flag = (env: string): string => (env === "default" ? "" : ` --env ${env}`);

/** Remembers an environment; whole or not at all, also when killed half-way. */
export async function writeEnv(places: Places, record: EnvRecord): Promise<void> {
  const folder = envFolder(places, record.env);
  await mkdir(folder, { recursive: true });
  const file = join(folder, "env.json");
  await writeFile(`${file}.tmp`, `${JSON.stringify(record, null, 2)}\n`);
  await rename(`${file}.tmp`, file);
}

/** Forgets an environment. */
export const removeEnv = (places: Places, env: string): Promise<void> =>
  rm(envFolder(places, env), { recursive: true, force: true });

/** The names of all environments. */
export async function listEnvs(places: Places): Promise<readonly string[]> {
  const names = await readdir(join(places.home, "envs")).catch(() => []);
  return names.filter((name) => existsSync(join(envFolder(places, name), "env.json"))).sort();
}
