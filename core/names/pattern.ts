/** What a pattern asks for at one place: a character, any one (`?`), or any text (`*`). */
type Token = { readonly char: string } | "one" | "any";

function tokensOf(pattern: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const chars = [...pattern];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] ?? "";
    if (char === "*") {
      if (tokens.at(-1) !== "any") tokens.push("any");
    } else if (char === "?") tokens.push("one");
    else if (char !== "\\") tokens.push({ char });
    else {
      const meant = chars[++i];
      if (meant === undefined || !["*", "?", "\\"].includes(meant)) return undefined;
      tokens.push({ char: meant });
    }
  }
  return tokens;
}

/** What config says of a pattern. */
export const PATTERN_WANT =
  "with * for any text, ? for one character, and a backslash before either, or itself, where it is meant";

/** Whether each backslash has something to take the meaning from. */
export const isPattern = (pattern: string): boolean => tokensOf(pattern) !== undefined;

/**
 * Whether the whole text is as a pattern says; upper and lower case differ. Takes at most as many steps as the pattern is long
 * times the text, whatever either is, which a regular expression would not promise.
 */
export function isLike(text: string, pattern: string): boolean {
  // Config refuses what is no pattern, and one that matches nothing is safe: an alert tells of it.
  const wanted = tokensOf(pattern) ?? [];
  const chars = [...text];
  let at = 0;
  let i = 0;
  /** Where the last `*` stands, and the end of the text that it took so far. */
  let [star, taken] = [-1, 0];
  while (i < chars.length) {
    const token = wanted[at];
    if (token === "any") {
      [star, taken] = [at, i];
      at += 1;
    } else if (token === "one" || (token !== undefined && token.char === chars[i])) {
      at += 1;
      i += 1;
    } else if (star >= 0) {
      taken += 1;
      [at, i] = [star + 1, taken];
    } else return false;
  }
  while (wanted[at] === "any") at += 1;
  return at === wanted.length && (wanted.length > 0 || pattern === "");
}
