import * as v from "valibot";
import { KINDS, MEMBERS } from "../names/scope.js";
import { isTimezone, parseSchedule, ZONE_WANT } from "../schedule/schedule.js";
import { CopyRules } from "./copy.js";
import { doc } from "./doc.js";
import { between, fields, leaveOff, leaveOut, type Plain } from "./fields.js";
import { Lock } from "./lock.js";
import { isName, NAME_WANT } from "./place.js";
import { PointTags } from "./point-tags.js";
import { Retain } from "./retain.js";
import { once } from "./rules.js";
import { Select } from "./select.js";
import { flag, text } from "./values.js";
import { CopyTags, Exclude } from "./volumes.js";

const quotedList = (words: readonly string[], by: string): string => words.map((one) => `"${one}"`).join(by);

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

const policyEntries = {
  name: v.pipe(
    text(NAME_WANT, isName),
    doc(
      "text",
      "its name: lower case letters, digits, single hyphens; with the deployment's name at most 64 in a schedule's name",
    ),
  ),
  select: v.pipe(Select, doc("object", "which resources, by their tags")),
  kinds: v.exactOptional(
    v.pipe(
      v.array(v.picklist(KINDS, quotedList(KINDS, " or ")), `a list of ${KINDS.join(", ")}`),
      v.nonEmpty(`at least one of ${KINDS.join(", ")}`),
      once("each kind once"),
      doc("list of `instance`, `volume`", "which kinds of resources", "`[instance]`"),
    ),
  ),
  include: v.exactOptional(
    v.pipe(
      v.array(
        v.picklist(MEMBERS, `one of ${quotedList(MEMBERS, ", ")}`),
        `a list of ${quotedList(MEMBERS, ", ")}, or [] for none`,
      ),
      once("each once"),
      doc("list of `autoscaling`, `eks`, `spot`", "members of these that are protected too; below"),
    ),
  ),
  also: v.exactOptional(
    v.pipe(
      flag,
      doc(
        "true or false",
        "whether single volumes get points of their own where a due set of their instance has them",
        "false",
      ),
    ),
  ),
  source: v.exactOptional(
    v.pipe(
      v.picklist(["own", "any"], '"own" or "any"'),
      doc("`own` or `any`", "with `any`, snapshots that others make of its volumes are its points too; below", "`own`"),
    ),
  ),
  schedule: v.exactOptional(
    v.pipe(
      schedule,
      doc("text", "`rate(…)` or `cron(…)` as EventBridge Scheduler has them", "required, but with `source: any`"),
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
  exclude: v.exactOptional(
    v.pipe(Exclude, doc("object", "volumes to leave out: `boot`, `devices`, `volumeTags`; below")),
  ),
  copyTags: v.exactOptional(
    v.pipe(
      CopyTags,
      doc(
        "`true`, list of keys, or `only` and `except`",
        "which of the volumes' own tags go onto snapshots and copies",
      ),
    ),
  ),
  pointTags: v.exactOptional(
    v.pipe(PointTags, doc("object", "tags that are written on snapshots and copies: keys with templates")),
  ),
  retain: v.pipe(
    Retain,
    doc(
      "object",
      "any of `count`, `age`, `hourly`, `daily`, `weekly`, `monthly`, `yearly`: a point stays while one of them keeps it",
    ),
  ),
  lock: v.exactOptional(
    v.pipe(Lock, doc("object", "a lock on every new snapshot of the home region: `mode`, `days`; below")),
  ),
  copy: v.exactOptional(
    v.pipe(
      CopyRules,
      doc("list of objects", "DR regions, each with `region`, `retain` and maybe `kmsKey` and `lock`; below", "none"),
    ),
    [],
  ),
} as const;

const hasVolumes = (kinds: unknown): boolean => Array.isArray(kinds) && kinds.includes("volume");

/** What to protect, when, and for how long. */
export const Policy = v.pipe(
  fields(`a policy with ${Object.keys(policyEntries).join(", ")}`, policyEntries),
  between(({ kinds, also, source, schedule: due, lock }, tell) => {
    if (also !== undefined && !hasVolumes(kinds)) tell(["also"], also, "nothing, unless kinds has volume");
    if (source !== "any" && due === undefined) tell(["schedule"], due, SCHEDULE_WANT);
    // Others' snapshots are of volumes, and their makers' to lock.
    if (source !== "any") return;
    if (!hasVolumes(kinds)) tell(["source"], source, '"own", unless kinds has volume');
    if (lock !== undefined) tell(["lock"], lock, "nothing with source any: others' snapshots are not locked");
  }),
  leaveOut("source", "own"),
  leaveOff("copyTags"),
);
export type Policy = Plain<v.InferOutput<typeof Policy>>;
