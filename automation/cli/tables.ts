import Table from "cli-table3";

/** What a terminal would act on in names that others chose: control characters, and those that turn the direction of text. */
const ACTING = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
/** Text as a terminal may show it. */
export const plain = (cell: string): string => cell.replace(ACTING, (char) => (char === "\n" ? char : "\ufffd"));

/** Rows under headings, without colours, so that it also reads well in a file. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const t = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  for (const row of rows) t.push(row.map(plain));
  return t.toString();
}

/** `3 h 5 min`; the two largest units are enough to judge by. */
export function duration(seconds: number): string {
  const units = [
    ["d", 86_400],
    ["h", 3_600],
    ["min", 60],
    ["s", 1],
  ] as const;
  let rest = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [unit, size] of units) {
    const n = Math.floor(rest / size);
    rest -= n * size;
    if (n > 0) parts.push(`${n} ${unit}`);
  }
  return parts.slice(0, 2).join(" ") || "0 s";
}
