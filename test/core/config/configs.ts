import { expect } from "chai";
import { ConfigError } from "../../../core/config/problems.js";
import { readSettings } from "../../../core/config/settings.js";
import { RULES } from "../../../kinds/rules.js";

/** A stack's settings with nothing wrong. */
export const policy = {
  name: "daily",
  select: { key: "Backup", value: "daily" },
  schedule: "cron(0 3 * * ? *)",
  retain: { count: 3, age: "7d" },
  copy: [{ region: "us-west-2", retain: { age: "2w" } }],
};
export const right = {
  role: "primary",
  region: "us-east-1",
  peers: ["us-west-2"],
  tags: { Team: "data" },
  policies: [policy],
};

/** What is wrong with it, by its key. */
export function problems(raw: unknown): Record<string, string> {
  try {
    readSettings(raw, RULES);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const { key, want } of error.problems) expect(error.message).to.contain(`${key}: `).and.contain(want);
    return Object.fromEntries(error.problems.map(({ key, want }) => [key, want]));
  }
  return {};
}

export const withPolicy = (over: object): object => ({ ...right, policies: [{ ...policy, ...over }] });
