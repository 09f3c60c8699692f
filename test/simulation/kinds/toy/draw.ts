import { DAY } from "../../scenario.js";
import type { Drawing } from "../kind.js";

export const draw: Drawing = {
  regions: ["us-east-1", "us-west-2", "eu-central-1"],
  rhythms: [
    { schedule: "rate(5 days)", gap: 5 * DAY },
    { schedule: "cron(0 4 ? * SUN *)", gap: 7 * DAY },
    { schedule: "rate(7 days)", gap: 7 * DAY },
  ],
  most: 2,
  policy: (n, copies, dice) => ({
    kinds: ["mould"],
    ...(dice.chance(0.5, "coats", copies, n) ? { toy: { coats: dice.int(1, 3, "how many", copies, n) } } : {}),
  }),
  copyRule: () => ({}),
  resource: ({ region, n }) => ({ id: `toy:m-${region}-${n}`, kind: "mould", volumes: 1 }),
};
