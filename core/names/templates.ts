/** What a template may name of every kind; all of it is known before a point is made. */
export const PLACEHOLDERS: readonly string[] = [
  ...["policy", "kind", "resource-id", "name", "point-id", "region", "home", "timezone"],
  ...["iso-datetime", "iso-date", "iso-time", "year", "month", "day", "hour", "minute", "iso-weekday"],
];

/** `{{` and `}}` mean the braces themselves; a brace alone means nothing. */
export const PIECE = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

/** What a template names that nobody knows, or the brace that stands alone; undefined where it is right. */
export function mistakeIn(template: string, known: readonly string[] = PLACEHOLDERS): string | undefined {
  for (const [piece, name] of template.matchAll(PIECE)) {
    if (name === undefined ? piece.length === 1 : !known.includes(name)) return piece;
  }
  return undefined;
}

/** The text of a template that is not of placeholders. */
export const literalOf = (template: string): string =>
  template.replace(PIECE, (piece, name?: string) => (name === undefined ? piece.slice(0, 1) : ""));

/** By tag key what its value is made of. */
export type Templates = Readonly<Record<string, string>>;
export type Values = Readonly<Record<string, string>>;

/** Templates with what is known of the point; the rest is filled in where an artifact is known. */
export interface Labels {
  readonly templates: Templates;
  readonly values: Values;
}
