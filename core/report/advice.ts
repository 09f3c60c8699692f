import { ADVICE, ADVICE_IN, type Case, type KindAdvice, type Trouble } from "../model/causes.js";
import { isAboutKey } from "../names/kms.js";

/** Where it may be a KMS key that stops us. */
const STOPPED_BY_KEY = new Set(["point-failed", "copy-failed", "create-refused", "copy-refused"]);

const of = (table: Readonly<Record<string, string>>, name = ""): string | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** As much of the kinds as advice is taken from. */
type Advising = Readonly<Record<string, { readonly advice?: KindAdvice }>>;

/** What a person can do about a trouble; in the words of its kind, where that has some. */
export function adviceOn(trouble: Trouble, kinds: Advising): string {
  const { cause, kind = "", reason } = trouble;
  const named = STOPPED_BY_KEY.has(cause) && isAboutKey(reason) ? ("key-unusable" satisfies Case) : trouble.case;
  const own = (Object.hasOwn(kinds, kind) ? kinds[kind]?.advice : undefined) ?? {};
  return (
    of(own, named) ??
    of(ADVICE_IN, named) ??
    of(own, cause) ??
    of(ADVICE, cause) ??
    "Look at the run's decisions in the ledger's bucket."
  );
}
