import validate from "asl-validator";

/** A state machine in the Amazon States Language, as plain data. */
export type Definition = object;

/** What is wrong with a definition; empty when nothing is. */
export function problemsOf(definition: Definition): string[] {
  // A copy, because the validator writes into what it is given.
  const { isValid, errorsText } = validate(structuredClone({ ...definition }));
  return [...queryLanguages(definition, "$"), ...(isValid ? [] : [errorsText("; ")])];
}

/**
 * All our machines are JSONPath, at every level: the two languages do not mix well, and JSONata in a distributed Map is
 * not run by the local interpreter.
 */
function queryLanguages(value: unknown, path: string): string[] {
  if (typeof value === "string") return value.startsWith("{%") ? [`${path}: a JSONata expression; use JSONPath`] : [];
  if (Array.isArray(value)) return value.flatMap((inner, i) => queryLanguages(inner, `${path}[${i}]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = `${path}.${key}`;
    if (key === "QueryLanguage" && inner !== "JSONPath") return [`${here}: must be JSONPath, is ${String(inner)}`];
    return queryLanguages(inner, here);
  });
}
