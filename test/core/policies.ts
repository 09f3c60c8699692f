import type { Kinds } from "../../core/config/kinds.js";
import { ConfigError } from "../../core/config/problems.js";
import { readSettings } from "../../core/config/settings.js";
import type { Policy } from "../../core/model/model.js";
import { RULES } from "../../kinds/rules.js";

/** A policy with nothing wrong, as a config has it and as it is read. */
export const policy = {
  name: "daily",
  select: { key: "Backup", value: "daily" },
  schedule: "cron(0 3 * * ? *)",
  retain: { count: 3 },
  copy: [{ region: "us-west-2", retain: { count: 3 } }],
};

/** As a config has it: what is undefined is not there. */
export const raw = (over: object): object =>
  JSON.parse(
    JSON.stringify({
      role: "primary",
      region: "us-east-1",
      peers: ["us-west-2", "eu-west-1"],
      policies: [{ ...policy, ...over }],
    }),
  );
export const read = (over: object): Policy | undefined => readSettings(raw(over), RULES).policies[0];

/** What is wrong: where, below the policy, and what would be right. */
export function problems(over: object, kinds: Kinds = RULES): [string, string][] {
  try {
    readSettings(raw(over), kinds);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ key, want }) => [key.replace("policies[0].", ""), want]);
  }
  return [];
}
