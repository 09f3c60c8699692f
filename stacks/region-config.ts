import * as v from "valibot";
import { betweenSettings } from "../core/config/between.js";
import { doc } from "../core/config/doc.js";
import { fields, type Plain } from "../core/config/fields.js";
import { Notify, notifyEntries } from "../core/config/notify.js";
import { once } from "../core/config/rules.js";
import { readSettings, type Settings, settingsEntries } from "../core/config/settings.js";
import { flag, number, text } from "../core/config/values.js";
import { RULES } from "../kinds/rules.js";

/** CloudWatch Logs takes these and nothing else (CloudWatch Logs API reference, PutRetentionPolicy). */
const LOG_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Lambda API reference, CreateEventSourceMapping: MaximumBatchingWindowInSeconds. */
const LONGEST_WINDOW = 300;

/** How a primary or DR stack works; what it protects is in its settings. */
const operationEntries = {
  emails: v.exactOptional(
    v.pipe(
      v.array(text("an e-mail address", v.regex(/^[^@\s]+@[^@\s]+$/)), "a list of e-mail addresses"),
      once("each address once"),
      doc("list of text", "who is told of trouble; AWS asks each address to confirm", "none"),
    ),
    [],
  ),
  logDays: v.exactOptional(
    v.pipe(
      number(
        `one of ${LOG_DAYS.join(", ")}: those that CloudWatch takes`,
        v.check((days) => LOG_DAYS.includes(days)),
      ),
      doc("whole number", "how long logs are kept; one of the values that CloudWatch takes"),
    ),
    30,
  ),
  tracing: v.exactOptional(
    v.pipe(
      flag,
      doc(
        "true or false",
        "whether functions and state machine tell AWS X-Ray of each run; the lines of the logs carry the run's id either way",
      ),
    ),
    false,
  ),
  batchSeconds: v.exactOptional(
    v.pipe(
      number(
        `a whole number from 0 to ${LONGEST_WINDOW}: what Lambda takes for a window`,
        v.integer(),
        v.minValue(0),
        v.maxValue(LONGEST_WINDOW),
      ),
      doc(
        `whole number, 0 to ${LONGEST_WINDOW}`,
        "how long events of snapshots are gathered before a run looks at them; below",
      ),
    ),
    20,
  ),
  protect: v.exactOptional(
    v.pipe(flag, doc("true or false", "whether what holds data is kept from being destroyed")),
    true,
  ),
} as const;

const Operation = v.object(operationEntries);
type Operation = Plain<v.InferOutput<typeof Operation>>;

/** All that the config of a primary or DR stack may say. */
export const regionEntries = {
  ...settingsEntries(RULES),
  ...operationEntries,
  ...notifyEntries,
  workload: v.exactOptional(
    v.pipe(v.never("nothing, unless the role is workload"), doc("object", "of a workload only; below", "")),
  ),
} as const;

const settingsKeys = Object.keys(settingsEntries(RULES));

/** The config of a primary or DR stack. */
export const RegionStack = v.pipe(fields("the config of a stack", regionEntries), betweenSettings(RULES));

export interface RegionProgram extends Operation {
  readonly role: "primary" | "dr";
  readonly deployment: string;
  readonly region: string;
  /** Put on everything. */
  readonly tags: Readonly<Record<string, string>>;
  readonly settings: Settings;
  /** The settings as the config has them, found right: what is stored for the functions. */
  readonly stored: object;
  readonly notify: Notify;
}

/** What a primary or DR stack should be, of a config that is right. */
export function regionProgram(raw: Readonly<Record<string, unknown>>): RegionProgram {
  const stored = Object.fromEntries(Object.entries(raw).filter(([key]) => settingsKeys.includes(key)));
  const settings = readSettings(stored, RULES);
  const { deployment, region, tags, role } = settings;
  const notify = v.parse(Notify, raw);
  return { role, deployment, region, tags, settings, stored, notify, ...v.parse(Operation, raw) };
}
