import type { CopySeed, Seed, Seeding } from "../../core/report/seeding.js";
import { RULES } from "../../kinds/rules.js";
import { duration, table } from "../cli/tables.js";

const { costs } = RULES.ebs;

const money = (dollars: number): string => `${dollars.toFixed(2)} $`;
const size = (gib: number): string => `${gib.toLocaleString("en-US", { maximumFractionDigits: 1 })} GiB`;
const counts = ({ region, resources, members, gib }: Seed): string[] => [
  region,
  String(resources),
  String(members),
  size(gib),
];

const rowOf = (seed: CopySeed): string[] => [
  "copies",
  ...counts(seed),
  `${seed.waves} of ${seed.slots}`,
  duration(seed.hours * 3600),
  money(seed.transfer),
  money(seed.storageMonth),
];

/** What the first seeding takes, for people, with everything that was assumed. */
export function seedingText({ home, copies }: Seeding): string {
  const first = home.resources === 0 ? [] : [["points", ...counts(home), "", "", "", money(home.storageMonth)]];
  const head = ["first", "region", "resources", "volumes", "at most", "waves", "time", "transfer", "storage a month"];
  return [
    "First seeding, estimated: what has no point or no copy yet is snapshotted and copied whole, once.",
    table(head, [...first, ...copies.map(rowOf)]),
    "At most: whole volumes are counted, and only what was written on them is copied and billed.",
    `Assumed: ${costs.copyMibPerS} MiB/s for each copy, which AWS does not promise; ${money(costs.transferGb)} for each GB that is sent and ` +
      `${money(costs.storageGbMonth)} for each GB stored a month, the prices of us-east-1: see "Amazon EC2 On-Demand Pricing" and "Amazon EBS pricing".`,
  ].join("\n");
}
