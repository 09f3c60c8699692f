import { duration, table } from "../tables.js";
import type { JourneyResult } from "./journey.js";

/** What `npm start` shows at its end. */
export function report({ proofs, calls, problems, seconds }: JourneyResult, total: number): string {
  const regions = [...new Set(proofs.flatMap((p) => Object.keys(p.points)))];
  const head = ["resource", "policy", ...regions.flatMap((r) => [`points in ${r}`, "RPO"]), "verified"];
  const rows = proofs.map((p) => [
    `${p.name} (${p.resource})`,
    p.policy,
    ...regions.flatMap((r) => [String(p.points[r] ?? "-"), rpo(p.rpoSeconds[r])]),
    `${p.verified} of ${p.volumes} volumes, byte for byte`,
  ]);
  const sum = [...calls.values()].reduce((a, b) => a + b, 0);
  const services = [...calls].map(([service, count]) => `${service} ${count}`).join(", ");
  const parts = Object.entries(seconds).map(([part, s]) => `${part} ${s} s`);
  return [
    table(head, rows),
    `${sum} API calls: ${services}`,
    `${total} s: ${parts.join(", ")}`,
    ...(problems.length === 0
      ? ["Everything is as it should be."]
      : ["Not as it should be:", ...problems.map((p) => `  ${p}`)]),
  ].join("\n");
}

const rpo = (seconds: number | null | undefined): string => (typeof seconds === "number" ? duration(seconds) : "-");
