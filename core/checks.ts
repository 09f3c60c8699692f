/** One wrong setting. */
export interface Problem {
  /** Where, like `policies[0].retain.age`. */
  readonly key: string;
  /** What is there; undefined where it is missing. */
  readonly value: unknown;
  /** What would be right. */
  readonly want: string;
}

const SHOWN = 80;

function show(value: unknown): string {
  if (value === undefined) return "missing";
  let text: string;
  try {
    text = JSON.stringify(value) ?? typeof value;
  } catch {
    text = typeof value; // a cycle or a bigint: not JSON, so no setting can be it
  }
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** All that is wrong with the settings, at once, so that nobody has to mend them one by one. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const lines = problems.map(({ key, value, want }) => `  ${key}: ${show(value)}; right is ${want}`);
    super([`${problems.length} wrong in the settings:`, ...lines].join("\n"));
    this.problems = problems;
  }
}

/** Edits between two words (Levenshtein), to guess what was meant. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

const LONGEST_GUESS = 40;

/** What was meant, or all there is. */
function suggest(key: string, knownKeys: readonly string[]): string {
  const all = `one of ${knownKeys.join(", ")}`;
  if (key.length > LONGEST_GUESS) return all;
  const lower = key.toLowerCase();
  const ranked = knownKeys
    .map((name) => ({ name, edits: distance(lower, name.toLowerCase()) }))
    .toSorted((a, b) => a.edits - b.edits);
  const [nearest] = ranked;
  return nearest !== undefined && nearest.edits <= Math.ceil(nearest.name.length / 2) ? `"${nearest.name}"` : all;
}

/** The text that a setting was checked to be. Others are problems by then, and may not even be turned into text. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

type Fields = Readonly<Record<string, unknown>>;

/** Reads untrusted values and gathers what is wrong. What it returns after a problem is a stand-in that nobody may use. */
export class Checks {
  readonly problems: Problem[] = [];

  add(key: string, value: unknown, want: string): void {
    this.problems.push({ key, value, want });
  }

  /** An object with no keys but these; a key nobody reads would be a setting that silently does nothing. */
  object(key: string, value: unknown, knownKeys: readonly string[], want: string): Fields {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.add(key, value, want);
      return {};
    }
    for (const [name, inner] of Object.entries(value)) {
      const path = key === "" ? name : `${key}.${name}`;
      if (!knownKeys.includes(name)) this.add(path, inner, `no such key, but ${suggest(name, knownKeys)}`);
    }
    return { ...value };
  }

  list(key: string, value: unknown, want: string): readonly unknown[] {
    if (Array.isArray(value)) return value;
    this.add(key, value, want);
    return [];
  }

  text(key: string, value: unknown, right: (text: string) => boolean, want: string): string {
    if (typeof value === "string" && right(value)) return value;
    this.add(key, value, want);
    return "";
  }
}
