/** One line of the report. */
export interface Row {
  readonly what: string;
  readonly measured: number;
  readonly unit: "s" | "ms" | "kB" | "calls" | "x";
  /** The most it should be; none where the line is there to compare with. */
  readonly goal?: number;
  /** What it is to be seen beside. */
  readonly beside?: string;
}

const DIGITS = { s: 1, ms: 0, kB: 1, calls: 0, x: 2 } as const;

const amount = (value: number, unit: Row["unit"]): string =>
  unit === "x" ? value.toFixed(DIGITS.x) : `${value.toFixed(DIGITS[unit])} ${unit}`;

/** A part of the report, as Markdown. */
export function table(title: string, rows: readonly Row[]): string {
  const cells = rows.map(({ what, measured, unit, goal, beside = "" }) => [
    what,
    amount(measured, unit),
    goal === undefined ? "" : `<= ${amount(goal, unit)}`,
    goal === undefined ? "" : `${(measured / goal).toFixed(2)}${measured > goal ? " MISSED" : ""}`,
    beside,
  ]);
  const lines = [["", "measured", "goal", "measured / goal", "beside"], ["---", "--:", "--:", "--:", "---"], ...cells];
  return [`## ${title}`, "", ...lines.map((line) => `| ${line.join(" | ")} |`), ""].join("\n");
}

/** How long work takes, in seconds, and what it gives. It is told at once: a part may take minutes. */
export async function timed<T>(
  what: string,
  work: () => Promise<T>,
): Promise<{ readonly seconds: number; readonly result: T }> {
  const began = performance.now();
  const result = await work();
  const seconds = (performance.now() - began) / 1000;
  console.error(`${what}: ${seconds.toFixed(1)} s`);
  return { seconds, result };
}
