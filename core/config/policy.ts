import * as v from "valibot";
import { isTimezone, parseSchedule, ZONE_WANT } from "../schedule/schedule.js";
import { copyRulesOf } from "./copy.js";
import { doc } from "./doc.js";
import { between, fields, type Plain } from "./fields.js";
import { defaultKinds, type Kinds, resourceKindsOf } from "./kinds.js";
import { isName, NAME_WANT } from "./place.js";
import { pointTagsOf } from "./point-tags.js";
import { Retain } from "./retain.js";
import { once } from "./rules.js";
import { gatherSections, keysOfSections, lookAtSections, needsSchedule, sectionEntries } from "./sections.js";
import { Select } from "./select.js";
import { text } from "./values.js";

const SCHEDULE_WANT = '"rate(1 hour)" or "cron(0 3 * * ? *)"';
const schedule = v.pipe(
  v.string(SCHEDULE_WANT),
  v.check(
    (one) => parseSchedule(one).ok,
    ({ input }) => {
      const parsed = parseSchedule(input);
      return parsed.ok ? SCHEDULE_WANT : parsed.problem;
    },
  ),
);

function kindList(kinds: Kinds) {
  const words = resourceKindsOf(kinds);
  const one = v.picklist(words, words.map((word) => `"${word}"`).join(" or "));
  return v.pipe(
    v.array(one, `a list of ${words.join(", ")}`),
    v.nonEmpty(`at least one of ${words.join(", ")}`),
    once("each kind once"),
    doc(
      `list of ${words.map((word) => `\`${word}\``).join(", ")}`,
      "which kinds of resources",
      `\`[${defaultKinds(kinds).join(", ")}]\``,
    ),
  );
}

const policyEntries = (kinds: Kinds) =>
  ({
    name: v.pipe(
      text(NAME_WANT, isName),
      doc(
        "text",
        "its name: lower case letters, digits, single hyphens; with the deployment's name at most 64 in a schedule's name",
      ),
    ),
    select: v.pipe(Select, doc("object", "which resources, by their tags")),
    kinds: v.exactOptional(kindList(kinds)),
    schedule: v.exactOptional(
      v.pipe(
        schedule,
        doc(
          "text",
          "`rate(…)` or `cron(…)` as EventBridge Scheduler has them",
          "required, but with `ebs: { source: any }`",
        ),
      ),
    ),
    timezone: v.exactOptional(
      v.pipe(
        text(ZONE_WANT, v.check(isTimezone)),
        doc(
          "text",
          "IANA name of the zone that a cron's times and the days of `retain` are in, like `Europe/Berlin`",
          "`UTC`",
        ),
      ),
    ),
    pointTags: v.exactOptional(
      v.pipe(
        pointTagsOf(kinds),
        doc("object", "tags that are written on points and their copies: keys with templates"),
      ),
    ),
    retain: v.pipe(
      Retain,
      doc(
        "object",
        "any of `count`, `age`, `hourly`, `daily`, `weekly`, `monthly`, `yearly`: a point stays while one of them keeps it",
      ),
    ),
    ...sectionEntries(kinds, "policy"),
    copy: v.exactOptional(
      v.pipe(
        copyRulesOf(kinds),
        doc("list of objects", "DR regions, each with `region`, `retain` and maybe `kmsKey` and `ebs`; below", "none"),
      ),
      [],
    ),
  }) as const;

/** What to protect, when, and for how long. */
export function policyOf(kinds: Kinds) {
  const entries = policyEntries(kinds);
  const known = Object.keys(entries);
  return v.pipe(
    fields(`a policy with ${known.join(", ")}`, entries, known, keysOfSections(kinds, "policy")),
    between((policy, tell) => {
      const { schedule: due } = policy;
      if (due === undefined && needsSchedule(policy, kinds)) tell(["schedule"], due, SCHEDULE_WANT);
      lookAtSections(policy, kinds, tell);
    }),
    gatherSections(kinds),
  );
}
export type Policy = Plain<v.InferOutput<ReturnType<typeof policyOf>>>;
