/** What the logger writes itself. Among a line's fields it would be dropped, so none may be there. */
type Reserved = "level" | "message" | "sampling_rate" | "service" | "timestamp";

export type Fields = Readonly<Record<string, unknown>> & { readonly [Name in Reserved]?: never };

/** One JSON line per outcome; every line carries the fields it was made with. Of Powertools' Logger, what is used. */
export interface Log {
  info(message: string, ...fields: Fields[]): void;
  warn(message: string, ...fields: Fields[]): void;
  error(message: string, ...fields: Fields[]): void;
  /** A logger of its own for one run or one item, so that parallel work never mixes its fields. */
  createChild(options: { readonly persistentKeys: Fields }): Log;
}
