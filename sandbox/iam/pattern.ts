import type { Context } from "./context.js";

const SPECIAL = /[.+^${}()|[\]\\*?]/g;
const VARIABLE = /\$\{([^}]*)\}/;

const quoted = (text: string): string => text.replace(SPECIAL, "\\$&");

const wildcards = (text: string): string =>
  [...text].map((char) => (char === "*" ? ".*" : char === "?" ? "." : quoted(char))).join("");

/** Patterns without variables, compiled: there are as many as the deployed policies have. */
const compiled = new Map<string, RegExp>();

/** Whether a text is what a pattern means: `*` is any text, `?` any character. Without variables. */
export function matches(pattern: string, text: string): boolean {
  let expression = compiled.get(pattern);
  if (!expression) {
    expression = new RegExp(`^${wildcards(pattern)}$`, "s");
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}

/**
 * Whether a text is what a pattern means, with variables (IAM user guide, "IAM policy elements: Variables and tags"):
 * `${key}`, `${key, 'default'}`, and `${*}`, `${?}`, `${$}` for the characters themselves. What a variable stands for has no
 * wildcards. One without a value makes the pattern fit nothing.
 */
export function fits(pattern: string, text: string, context: Context): boolean {
  if (!VARIABLE.test(pattern)) return matches(pattern, text);
  const expression = expand(pattern, context, wildcards);
  return expression !== undefined && new RegExp(`^${expression}$`, "s").test(text);
}

/** The text with its variables replaced; undefined when one has no value. */
export const substitute = (text: string, context: Context): string | undefined =>
  VARIABLE.test(text) ? expand(text, context, undefined) : text;

/** `outside` is what becomes of the text between variables in a regular expression; without it the result is plain text. */
function expand(
  pattern: string,
  context: Context,
  outside: ((text: string) => string) | undefined,
): string | undefined {
  const parts: string[] = [];
  // The odd parts are what stood in braces.
  for (const [i, part] of pattern.split(new RegExp(VARIABLE, "g")).entries()) {
    if (i % 2 === 0) parts.push(outside ? outside(part) : part);
    else {
      const value = valueFor(part, context);
      if (value === undefined) return undefined;
      parts.push(outside ? quoted(value) : value);
    }
  }
  return parts.join("");
}

function valueFor(variable: string, context: Context): string | undefined {
  if (variable === "*" || variable === "?" || variable === "$") return variable;
  const [, key = "", fallback] = /^\s*([^,]*?)\s*(?:,\s*'(.*)')?\s*$/.exec(variable) ?? [];
  const values = context.get(key);
  // "You can't use a multivalued key as a variable."
  return values?.length === 1 ? values[0] : fallback;
}
