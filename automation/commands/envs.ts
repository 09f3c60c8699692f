import { done, type Outcome } from "../cli/outcome.js";
import { table } from "../cli/tables.js";
import { listEnvs, readEnv } from "../deploy/envs.js";
import type { Deps } from "../estate/deps.js";

/** All environments and where they are. */
export async function envs(deps: Pick<Deps, "places">): Promise<Outcome> {
  const names = await listEnvs(deps.places);
  const records = (await Promise.all(names.map((name) => readEnv(deps.places, name)))).filter((r) => r !== undefined);
  const data = records.map(({ config: _, ...rest }) => rest);
  if (data.length === 0) return done(data, "There is no environment. `lockstep up` makes one.");
  const rows = data.map(({ env, target, deployment, stacks, protected: guarded }) => [
    env,
    target,
    deployment,
    stacks.map((s) => `${s.name} (${s.region})`).join(", "),
    guarded ? "yes" : "no",
  ]);
  return done(data, table(["environment", "target", "deployment", "stacks", "protected"], rows));
}
