import * as v from "valibot";

type Actions<T> = readonly v.PipeItem<T, T, v.BaseIssue<unknown>>[];

/** One message, whatever is wrong with a value, and only once. */
const oneMessage = (message: (issue: v.BaseIssue<unknown>) => string) => ({ abortPipeEarly: true, message });

/**
 * Text of a certain form. What YAML or the engine took for a number or a boolean, and would be right as text, looks right: so the
 * message says how to write text.
 */
export function text(want: string, ...actions: Actions<string>) {
  const right = v.pipe(v.string(), ...actions);
  return v.config(
    right,
    oneMessage(({ type, input }) => {
      const isScalar = type === "string" && (typeof input === "boolean" || typeof input === "number");
      return isScalar && v.is(right, String(input)) ? `${want}, as text: ${quoted(input)}` : want;
    }),
  );
}

const quoted = (input: boolean | number): string => {
  const zeros = typeof input === "number" ? ", with its leading zeros if any" : "";
  return `"${input}" in quotation marks${zeros}, or \`pulumi config set --path --type string\``;
};

/** A number of a certain size; written as text it looks right too. */
export function number(want: string, ...actions: Actions<number>) {
  const right = v.pipe(v.number(), ...actions);
  return v.config(
    right,
    oneMessage(({ type, input }) => {
      const isDigits = type === "number" && typeof input === "string" && input.trim() !== "";
      return isDigits && v.is(right, Number(input)) ? `${want}, without quotation marks` : want;
    }),
  );
}

/** A whole number. */
export const whole = (least: number, most?: number) =>
  number(
    most === undefined ? `a whole number from ${least}` : `a whole number from ${least} to ${most}`,
    v.safeInteger(),
    v.minValue(least),
    v.maxValue(most ?? Number.MAX_SAFE_INTEGER),
  );

const isFlag = (input: unknown): boolean => input === "true" || input === "false";

export const flag = v.boolean(({ input }) =>
  isFlag(input) ? "true or false, without quotation marks" : "true or false",
);
