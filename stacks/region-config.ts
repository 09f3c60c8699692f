import { type Checks, ConfigError, type Problem } from "../core/checks.js";
import { readSettings } from "../core/config.js";
import type { Settings } from "../core/model.js";
import { readNotify } from "../core/notify-config.js";
import { DEFAULTS, type Raw, type RegionProgram } from "./config-model.js";

/** CloudWatch Logs takes these and nothing else (CloudWatch Logs API reference, PutRetentionPolicy). */
const LOG_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Reads what a primary or DR stack should be; undefined when its settings are wrong, which is then noted. */
export function readRegionProgram(checks: Checks, raw: Raw): RegionProgram | undefined {
  const { protect = DEFAULTS.protect, logDays = DEFAULTS.logDays, batchSeconds = DEFAULTS.batchSeconds } = raw;
  const { tracing = DEFAULTS.tracing, emails = DEFAULTS.emails, workload } = raw;
  if (typeof protect !== "boolean") checks.add("protect", protect, "true or false");
  if (typeof tracing !== "boolean") checks.add("tracing", tracing, "true or false");
  if (typeof logDays !== "number" || !LOG_DAYS.includes(logDays)) {
    checks.add("logDays", logDays, `one of ${LOG_DAYS.join(", ")}: those that CloudWatch takes`);
  }
  if (!isWindow(batchSeconds)) {
    checks.add(
      "batchSeconds",
      batchSeconds,
      `a whole number from 0 to ${LONGEST_WINDOW}: what Lambda takes for a window`,
    );
  }
  if (workload !== undefined) checks.add("workload", workload, "nothing, unless the role is workload");
  const settings = settingsOf(raw, (problem) => {
    // Read before, where workload is a role too.
    if (problem.key !== "role") checks.problems.push(problem);
  });
  const to = readEmails(checks, emails);
  const notify = readNotify(checks, raw);
  if (!settings) return undefined;
  const { deployment, region, tags, role } = settings;
  const common = { role, deployment, region, tags, settings };
  return {
    ...common,
    protect: protect === true,
    logDays: Number(logDays),
    tracing: tracing === true,
    batchSeconds: Number(batchSeconds),
    emails: to,
    notify,
  };
}

/** Lambda API reference, CreateEventSourceMapping: MaximumBatchingWindowInSeconds. */
const LONGEST_WINDOW = 300;

const isWindow = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= LONGEST_WINDOW;

/** The settings, or undefined after each of their problems was told. */
export function settingsOf(raw: Raw, tell: (problem: Problem) => void): Settings | undefined {
  const { deployment, role, mode, region, peers, tags, tagNames, orphanAfter, approveAbove, policies } = raw;
  try {
    return readSettings({ deployment, role, mode, region, peers, tags, tagNames, orphanAfter, approveAbove, policies });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // The region is the provider's setting, so it has the provider's key.
    for (const problem of error.problems) tell(problem.key === "region" ? { ...problem, key: "aws:region" } : problem);
    return undefined;
  }
}

function readEmails(checks: Checks, value: unknown): string[] {
  const emails = checks
    .list("emails", value, "a list of e-mail addresses")
    .map((email, i) =>
      checks.text(`emails[${i}]`, email, (text) => /^[^@\s]+@[^@\s]+$/.test(text), "an e-mail address"),
    );
  emails.forEach((email, i) => {
    if (email !== "" && emails.indexOf(email) < i) checks.add(`emails[${i}]`, email, "each address once");
  });
  return emails;
}
