import type { FactSource, ResourceFact, RoleFact } from "../iam/facts.js";
import type { Emulator } from "./emulator.js";

/** Roles and policies as the emulator has them. The shapes are those that rights.py makes. */
export const emulatorFacts = (emulator: Pick<Emulator, "rights">): FactSource => ({
  functionRole: async (region, name) => (await emulator.rights("function", region, name)) as string | null,
  role: async (name) => (await emulator.rights("role", "", name)) as RoleFact | null,
  resource: async (arn) => (await emulator.rights("resource", arn.split(":")[3] ?? "", arn)) as ResourceFact | null,
  roles: async () => (await emulator.rights("roles", "")) as RoleFact[],
});
