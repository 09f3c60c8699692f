import * as v from "valibot";

/** Where, from the value that a rule is about. */
type Keys = readonly (string | number)[];

/** Notes what a rule minds; of what is wrong by itself already nothing more is said. */
export type Tell = (keys: Keys, value: unknown, want: string) => void;

const itemOf = (key: string | number): v.UnknownPathItem => ({
  ...{ type: "unknown", origin: "value", key },
  ...{ input: undefined, value: undefined },
});

const isAt = (keys: Keys, path: readonly v.IssuePathItem[] = []): boolean =>
  path.length <= keys.length && path.every(({ key }, i) => key === keys[i]);

/**
 * A rule between parts of a value. It is looked at even where some part is wrong, so that all problems come at once: what it is
 * given is not checked.
 */
export const rule = <T>(look: (value: unknown, tell: Tell) => void) =>
  v.rawCheck<T>(({ dataset, addIssue }) => {
    const before = [...(dataset.issues ?? [])];
    look(dataset.value, (keys, input, message) => {
      if (before.some(({ path }) => isAt(keys, path))) return;
      const [first, ...rest] = keys.map(itemOf);
      addIssue({ input, message, ...(first === undefined ? {} : { path: [first, ...rest] }) });
    });
  });

/** Of the same text twice in a list the second is told. */
export const once = <T>(want: string) =>
  rule<T>((value, tell) => {
    if (!Array.isArray(value)) return;
    value.forEach((one: unknown, i) => {
      if (value.indexOf(one) < i) tell([i], one, want);
    });
  });
