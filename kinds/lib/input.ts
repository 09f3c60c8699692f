import * as v from "valibot";
import { InvalidInput } from "./errors.js";

/** Checks what came in; every wrong or unknown field is named in one error. */
export function parseInput<S extends v.GenericSchema>(schema: S, raw: unknown, what: string): v.InferOutput<S> {
  const result = v.safeParse(schema, raw);
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => `${v.getDotPath(issue) ?? "(whole)"}: ${issue.message}`);
  throw new InvalidInput(`${what} is not valid: ${problems.join("; ")}`);
}
