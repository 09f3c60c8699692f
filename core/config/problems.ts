import type * as v from "valibot";

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

export const formatProblem = ({ key, value, want }: Problem): string => `${key}: ${show(value)}; right is ${want}`;

/** All that is wrong with the settings, at once, so that nobody has to mend them one by one. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const lines = problems.map((problem) => `  ${formatProblem(problem)}`);
    super([`${problems.length} wrong in the settings:`, ...lines].join("\n"));
    this.problems = problems;
  }
}

/** `policies[0].retain.age`: numbers are places in lists. */
const pathOf = (path: readonly v.IssuePathItem[], under: string): string =>
  path.reduce((before, { key }) => {
    if (typeof key === "number") return `${before}[${key}]`;
    return before === "" ? String(key) : `${before}.${String(key)}`;
  }, under);

/** What a schema of this folder found wrong: its messages say what would be right. */
export const problemsOf = (issues: readonly v.BaseIssue<unknown>[], under = ""): Problem[] =>
  issues.map(({ path = [], input, message }) => ({ key: pathOf(path, under), value: input, want: message }));
