import type { KindRules } from "../../core/model/kind.js";
import type { CopySeed, Seed, Seeding } from "../../core/report/seeding.js";
import { duration, table } from "../cli/tables.js";

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

/** What the first seeding of a kind takes, for people, with everything that was assumed. */
export function seedingText({ home, copies }: Seeding, { words, costs }: Pick<KindRules, "words" | "costs">): string {
  const { service, artifact, members } = words;
  const first = home.resources === 0 ? [] : [["points", ...counts(home), "", "", "", money(home.storageMonth)]];
  const head = ["first", "region", "resources", members, "at most", "waves", "time", "transfer", "storage a month"];
  return [
    `First seeding of ${service}, estimated: what has no point or no copy yet gets a whole ${artifact} or copy, once.`,
    table(head, [...first, ...copies.map(rowOf)]),
    `At most: whole ${members} are counted, and only what was written on them is copied and billed.`,
    `Assumed: ${costs.copyMibPerS} MiB/s for each copy, which AWS does not promise; ${money(costs.transferGb)} for each GB that is sent and ` +
      `${money(costs.storageGbMonth)} for each GB stored a month, the prices of us-east-1: see "Amazon EC2 On-Demand Pricing" and "Amazon ${service} pricing".`,
  ].join("\n");
}
