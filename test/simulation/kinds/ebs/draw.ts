import type { Dice } from "../../dice.js";
import { DAY, HOUR } from "../../scenario.js";
import type { Drawing } from "../kind.js";

const lockOf = (dice: Dice, where: string): object =>
  dice.chance(0.2, "lock", where) ? { lock: { mode: "governance", days: dice.int(1, 6, "lock's days", where) } } : {};

export const draw: Drawing = {
  regions: ["us-east-1", "us-west-2", "eu-west-1"],
  rhythms: [
    { schedule: "rate(12 hours)", gap: 12 * HOUR },
    { schedule: "rate(1 day)", gap: DAY },
    { schedule: "cron(0 3 * * ? *)", gap: DAY },
    { schedule: "cron(30 2 * * ? *)", gap: DAY, timezone: "America/New_York" },
    { schedule: "rate(3 days)", gap: 3 * DAY },
    { schedule: "rate(5 days)", gap: 5 * DAY },
    { schedule: "cron(0 4 ? * SUN *)", gap: 7 * DAY },
    { schedule: "rate(7 days)", gap: 7 * DAY },
  ],
  most: 3,
  policy: (n, copies, dice) => ({
    kinds: n === 0 ? ["instance"] : ["instance", "volume"],
    ebs: {
      ...(n === 0 && dice.chance(0.2, "exclude", copies) ? { exclude: { boot: true } } : {}),
      ...lockOf(dice, `${copies} ${n}`),
    },
  }),
  copyRule: (where, dice) => ({ ebs: lockOf(dice, where) }),
  resource({ region, n, policy }, dice) {
    const about = `${region} ${n}`;
    const isVolume = policy === 1 && dice.chance(0.5, "volume", about);
    return {
      id: `${isVolume ? "vol" : "i"}-${region}-${n}`,
      kind: isVolume ? "volume" : "instance",
      // A policy may exclude the boot volume.
      volumes: isVolume ? 1 : dice.int(policy === 0 ? 2 : 1, 3, "volumes", about),
    };
  },
};
