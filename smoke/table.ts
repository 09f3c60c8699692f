import type { Probe, Recording } from "./model.js";

/** What docs/sandbox.md says of each behaviour: what it is, where AWS says so, and whether an account has confirmed it. */
export function behaviourTable(probes: readonly Probe[], recordings: readonly Recording[]): string {
  const real = recordings.filter(({ from }) => from === "aws").toSorted((a, b) => (a.date < b.date ? 1 : -1));
  const proof = ({ name, lacking }: Probe): string => {
    const newest = real.find(({ answers }) => Object.hasOwn(answers, name));
    if (lacking !== undefined) return `not imitated: ${lacking}`;
    return newest ? `recorded ${newest.date}` : "documented, not recorded";
  };
  const rows = probes.map((probe) => `| \`${probe.name}\` | ${probe.behaviour} | ${probe.source} | ${proof(probe)} |`);
  return ["| probe | behaviour | AWS source | proof |", "|---|---|---|---|", ...rows].join("\n");
}
