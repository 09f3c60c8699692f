import { messageOf } from "../cli/outcome.js";
import type { StackConfig } from "../deploy/config.js";
import type { EnvRecord } from "../deploy/envs.js";
import type { Deps } from "../estate/deps.js";
import { type Finding, fine, problem } from "../tools.js";

/** What of the process's environment the engine goes by. */
export type Surroundings = Readonly<Record<string, string | undefined>>;

/** What must be in order for a real account: who we are, the regions, and where the engine keeps state and secrets. */
export async function forAws(
  env: string,
  record: EnvRecord | undefined,
  deps: Deps,
  surroundings: Surroundings = process.env,
): Promise<Finding[]> {
  const config = await deps.config(env, record?.config ?? {}).catch((error: unknown) => messageOf(error));
  if (typeof config === "string") return [problem("config", config)];
  const stacks = config.stacks.filter((stack) => stack.record.role !== "workload");
  const home = stacks.find((stack) => stack.record.role === "primary")?.record.region;
  return [
    ...(await account([...new Set(stacks.map((stack) => stack.record.region))], deps)),
    state(surroundings, home),
    ...stacks.map((stack) => secrets(stack, surroundings, home)),
  ];
}

async function account(regions: readonly string[], deps: Deps): Promise<Finding[]> {
  try {
    const look = await deps.account(regions);
    const isRoot = look.who.endsWith(":root");
    const who = `${look.who} in account ${look.account}`;
    return [
      isRoot ? problem("AWS", `${who}: use a role with the rights that \`lockstep rights\` prints.`) : fine("AWS", who),
      ...regions.map((region) => {
        const wrong = look.regions[region];
        return wrong === undefined ? fine(`region ${region}`, "can be read") : problem(`region ${region}`, wrong);
      }),
    ];
  } catch (error) {
    return [problem("AWS", `${messageOf(error)} Set up credentials as for the AWS CLI.`)];
  }
}

/** In a disaster the primary's region is what is gone: what is needed to change the DR stack must not be there. */
const WHY = "in a disaster it would be gone with the primary. Keep it in another region, best a DR region.";

function state(surroundings: Surroundings, home: string | undefined): Finding {
  const url = surroundings["PULUMI_BACKEND_URL"];
  if (url === undefined)
    return fine("engine's state", "where `pulumi login` put it; see that it is not in the primary's region");
  if (url.startsWith("file:")) return problem("engine's state", `${url}: on this machine alone. Keep it in a bucket.`);
  return isIn(url, home) ? problem("engine's state", `${url}: ${WHY}`) : fine("engine's state", url);
}

function secrets({ record, settings }: StackConfig, surroundings: Surroundings, home: string | undefined): Finding {
  const what = `secrets of ${record.id}`;
  const { secretsProvider } = settings;
  if (secretsProvider !== undefined)
    return isIn(secretsProvider, home) ? problem(what, `${secretsProvider}: ${WHY}`) : fine(what, secretsProvider);
  const url = surroundings["PULUMI_BACKEND_URL"];
  // Pulumi's own service has its own keys; the others take a passphrase.
  const needsPassphrase = url !== undefined && !/^https?:/.test(url);
  const hasPassphrase = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"].some(
    (key) => surroundings[key] !== undefined,
  );
  if (needsPassphrase && !hasPassphrase)
    return problem(what, `set PULUMI_CONFIG_PASSPHRASE, or secretsprovider in Pulumi.${record.id}.yaml.`);
  return fine(
    what,
    needsPassphrase ? "under a passphrase: keep it where a disaster does not reach" : "under the state's own keys",
  );
}

/** Addresses of buckets and keys name their region. */
const isIn = (url: string, region: string | undefined): boolean =>
  region !== undefined && new RegExp(`[=:.]${region}\\b`).test(url);
