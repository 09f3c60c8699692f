import { DAY, HOUR } from "../../scenario.js";
import type { Drawing } from "../kind.js";
import { idOf, type NatureName } from "./natures.js";

export const draw: Drawing = {
  regions: ["us-east-1", "us-west-2", "eu-west-1"],
  rhythms: [
    { schedule: "rate(1 day)", gap: DAY },
    { schedule: "rate(36 hours)", gap: 36 * HOUR },
    { schedule: "rate(2 days)", gap: 2 * DAY },
    { schedule: "rate(3 days)", gap: 3 * DAY },
    { schedule: "cron(30 1 ? * SUN *)", gap: 7 * DAY, timezone: "Europe/Berlin" },
  ],
  most: 3,
  policy: (n) => ({ kinds: n === 0 ? ["fsx"] : ["fsx", "ontap-volume"] }),
  copyRule: () => ({}),
  resource({ region, n, policy }, dice) {
    const about = `${region} ${n}`;
    const isVolume = policy === 1 && dice.chance(0.4, "volume", about);
    const any = dice.pick<NatureName>(["openzfs", "windows", "lustre", "lustre", "tiered", "scratch"], "nature", about);
    // The first of a region can do all.
    const system = n === 0 ? dice.pick<NatureName>(["openzfs", "windows", "lustre"], "nature", about) : any;
    return {
      id: idOf(isVolume ? "ontap" : system, region, n),
      kind: isVolume ? "ontap-volume" : "fsx",
      volumes: 1,
    };
  },
};
