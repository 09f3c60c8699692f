import * as v from "valibot";

/** What docs/configuration.md says of a setting: the tables there are made of it. */
export interface Doc {
  /** What may stand there. */
  readonly type: string;
  readonly meaning: string;
  /** What holds without it, where the schema has no default that tells. @default none, or that it is required */
  readonly otherwise?: string;
}

/** Describes a setting, where its rules are. */
export const doc = <T>(type: string, meaning: string, otherwise?: string) =>
  v.metadata<T, { readonly doc: Doc }>({ doc: { type, meaning, ...(otherwise === undefined ? {} : { otherwise }) } });
