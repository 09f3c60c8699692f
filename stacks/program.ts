import * as v from "valibot";
import { ConfigError, type Problem, problemsOf } from "../core/config/problems.js";
import { type RegionProgram, RegionStack, regionEntries, regionProgram } from "./region-config.js";
import { type WorkloadProgram, WorkloadStack, workloadProgram } from "./workload-config.js";

/** What the config of a stack asks for. */
export type Program = RegionProgram | WorkloadProgram;

const ROLE_WANT = '"primary", "dr" or "workload"';

/** Those whose value is text, whatever it looks like; all others are JSON, as the engine hands over what is not text. */
const isText = (name: string): boolean => {
  const entry = Object.entries(regionEntries).find(([key]) => key === name)?.[1];
  const schema = entry && "wrapped" in entry ? entry.wrapped : entry;
  return schema?.type === "string" || schema?.type === "picklist";
};

/** Reads the whole config of a stack, with the engine's keys. Throws one ConfigError with all that is wrong. */
export function readProgram(config: Readonly<Record<string, string>>): Program {
  const { region, ...own } = ownConfig(config);
  const place = config["aws:region"];
  const raw = { ...own, ...(place === undefined ? {} : { region: place }) };
  const isWorkload = own["role"] === "workload";
  const { issues } = v.safeParse(isWorkload ? WorkloadStack : RegionStack, raw);
  const problems = issues === undefined ? [] : problemsOf(issues).map(withConfigKey);
  // The region is the provider's setting, and has the provider's key.
  if (region !== undefined)
    problems.unshift({ key: "lockstep:region", value: region, want: 'no such key, but "aws:region"' });
  if (problems.length > 0) throw new ConfigError(problems);
  return isWorkload ? workloadProgram(raw) : regionProgram(raw);
}

function ownConfig(config: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  const ours = Object.entries(config).filter(([key]) => key.startsWith("lockstep:"));
  const named = ours.map(([key, text]) => [key.slice("lockstep:".length), text] as const);
  return Object.fromEntries(named.map(([name, text]) => [name, isText(name) ? text : parse(text)]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Text where something else is wanted: whoever wants that says so.
    return text;
  }
}

const withConfigKey = ({ key, value, want }: Problem): Problem => ({
  key: key === "region" ? "aws:region" : `lockstep:${key}`,
  value,
  want: key === "role" ? ROLE_WANT : want,
});
