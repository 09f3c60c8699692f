import { duration, table } from "../automation/cli/tables.js";
import { rulesOf } from "../core/model/kind.js";
import { RULES } from "../kinds/rules.js";
import type { Day } from "./day.js";
import type { Exposure } from "./exposure.js";
import type { JourneyResult } from "./journey.js";
import type { Proof } from "./proof.js";

/** What `npm start` shows at its end. */
export function report({ days, proofs, exposure, calls, problems, seconds }: JourneyResult, total: number): string {
  const parts = Object.entries(seconds).map(([part, s]) => `${part} ${s} s`);
  return [
    daysText(days),
    ...days.filter((d) => d.lost).map(lostText),
    proofsText(proofs, exposure),
    callsText("by what is deployed", calls.program),
    callsText("to deploy it and to look at it", calls.driver),
    `${total} s: ${parts.join(", ")}`,
    ...(problems.length === 0
      ? ["Everything is as it should be."]
      : ["Not as it should be:", ...problems.map((p) => `  ${p}`)]),
  ].join("\n");
}

function daysText(days: readonly Day[]): string {
  const regions = [...new Set(days.flatMap(({ expired }) => Object.keys(expired)))];
  const head = [
    "day",
    "due",
    "points",
    "events",
    "copied because of",
    "whole after",
    ...regions.map((r) => `${r} expires`),
  ];
  const rows = days.map((d) => [
    String(d.number),
    `${new Date(d.due).toISOString().slice(0, 16).replace("T", " ")} UTC`,
    String(d.points),
    d.lost ? "lost" : "delivered",
    d.copiedBecause.join("\n"),
    wholeText(d.seconds),
    ...regions.map((r) => pointsText(d.expired[r] ?? 0)),
  ]);
  return table(head, rows);
}

/** How long it took; of each kind, where there are several. */
function wholeText(seconds: Day["seconds"]): string {
  const rows = Object.entries(seconds).map(([kind, after]) => [rulesOf(RULES, kind).words.service, duration(after)]);
  return rows.map(([service, after]) => (rows.length === 1 ? after : `${service} ${after}`)).join("\n");
}

const pointsText = (count: number): string => (count === 1 ? "1 point" : `${count} points`);

const lostText = (d: Day): string =>
  `The events that told of day ${d.number}'s ${pointsText(d.told)} were lost, so nobody copied them until the tick looked.`;

function proofsText(proofs: readonly Proof[], exposure: Exposure): string {
  const regions = [...new Set(proofs.flatMap((p) => Object.keys(p.points)))];
  const head = ["resource", "policy", ...regions.flatMap((r) => [r, "RPO", "worst"]), "verified"];
  const rows = proofs.map((p) => [
    `${p.name} (${p.resource})`,
    p.policy,
    ...regions.flatMap((r) => [
      pointsText(p.points[r] ?? 0),
      rpo(p.rpoSeconds[r]),
      rpo(exposure.worst(p.resource, p.policy, r)),
    ]),
    `${p.verified} of ${p.members} ${p.words.members}, byte for byte`,
  ]);
  return table(head, rows);
}

function callsText(whose: string, calls: ReadonlyMap<string, number>): string {
  const sum = [...calls.values()].reduce((a, b) => a + b, 0);
  const services = [...calls].map(([service, count]) => `${service} ${count}`).join(", ");
  return `${sum} API calls ${whose}: ${services}`;
}

const rpo = (seconds: number | null | undefined): string => (typeof seconds === "number" ? duration(seconds) : "-");
