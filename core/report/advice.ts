import { ADVICE, ADVICE_IN, type Trouble } from "../model/causes.js";
import { isAboutKey } from "../names/kms.js";

/** Instead of a cause's own, where it is a KMS key that stops us. */
const ABOUT_KEY =
  "A KMS key may not be used: the volume's, or the one of the copy's region. Look that it is enabled and not about to be deleted, and that its policy admits the function's role. It is tried again by itself.";
const STOPPED_BY_KEY = new Set(["point-failed", "copy-failed", "create-refused", "copy-refused"]);

const of = (table: Readonly<Record<string, string>>, name = ""): string | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** What a person can do about a trouble. */
export function adviceOn(trouble: Trouble): string {
  if (STOPPED_BY_KEY.has(trouble.cause) && isAboutKey(trouble.reason)) return ABOUT_KEY;
  return (
    of(ADVICE_IN, trouble.case) ?? of(ADVICE, trouble.cause) ?? "Look at the run's decisions in the ledger's bucket."
  );
}
