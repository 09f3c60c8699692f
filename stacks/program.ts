import { Checks, ConfigError, type Problem } from "../core/checks.js";
import type { Program, Raw } from "./config-model.js";
import { readRegionProgram } from "./region-config.js";
import { readWorkloadProgram } from "./workload-config.js";

/** Without their namespace. */
export const KEYS: readonly string[] = [
  ...["role", "mode", "deployment", "peers", "tags", "tagNames", "policies"],
  ...["orphanAfter", "approveAbove", "protect", "logDays", "tracing", "batchSeconds", "emails"],
  ...["topic", "summary", "repeatAfter"],
  "workload",
];
/** Those whose value is text, whatever it looks like; all others are JSON, as the engine hands over what is not text. */
const TEXT = new Set(["role", "mode", "deployment", "orphanAfter"]);

/** Reads the whole config of a stack, with the engine's keys. Throws one ConfigError with all that is wrong. */
export function readProgram(config: Readonly<Record<string, string>>): Program {
  const checks = new Checks();
  const own = checks.object("", ownConfig(config), KEYS, "the config of a stack");
  const raw: Raw = { ...own, region: config["aws:region"] };
  const role = raw["role"];
  if (role !== "primary" && role !== "dr" && role !== "workload") {
    checks.add("role", role, '"primary", "dr" or "workload"');
  }
  const program = role === "workload" ? readWorkloadProgram(checks, raw) : readRegionProgram(checks, raw);
  if (!program || checks.problems.length > 0) throw new ConfigError(checks.problems.map(withConfigKey));
  return program;
}

function ownConfig(config: Readonly<Record<string, string>>): Raw {
  const ours = Object.entries(config).filter(([key]) => key.startsWith("lockstep:"));
  const named = ours.map(([key, text]) => [key.slice("lockstep:".length), text] as const);
  return Object.fromEntries(named.map(([name, text]) => [name, TEXT.has(name) ? text : parse(text)]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Text where something else is wanted: whoever wants that says so.
    return text;
  }
}

const withConfigKey = (problem: Problem): Problem => ({
  ...problem,
  key: problem.key.startsWith("aws:") ? problem.key : `lockstep:${problem.key}`,
});
