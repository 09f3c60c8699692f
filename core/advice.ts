import { ADVICE, type Trouble } from "./causes.js";
import { isAboutKey } from "./kms.js";

/** Instead of a cause's own, where it is a KMS key that stops us. */
const ABOUT_KEY =
  "A KMS key may not be used: the volume's, or the one of the copy's region. Look that it is enabled and not about to be deleted, and that its policy admits the function's role. It is tried again by itself.";
const STOPPED_BY_KEY = new Set(["point-failed", "copy-failed", "create-refused", "copy-refused"]);

/** What a person can do about a trouble. */
export function adviceOn({ cause, reason }: Trouble): string {
  if (STOPPED_BY_KEY.has(cause) && isAboutKey(reason)) return ABOUT_KEY;
  return (
    Object.entries(ADVICE).find(([known]) => known === cause)?.[1] ??
    "Look at the run's decisions in the ledger's bucket."
  );
}
