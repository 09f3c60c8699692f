import type { Props, Value } from "../wire.js";
import { samePolicy } from "./same-json.js";

export type Kind = "string" | "number" | "boolean" | "json" | "list" | "set" | "map" | "object" | "archive" | "asset";

/** What is said of one input property, in the words of the official provider's schema. */
interface Options<T> {
  readonly required?: true;
  /** Filled in by Check when it is not given. */
  readonly default?: T;
  /** AWS fills it when it is not given, so taking it away changes nothing. */
  readonly computed?: true;
  /** A change makes a new resource. */
  readonly replace?: true;
  /** Two values that mean the same to AWS. */
  readonly same?: (left: Value, right: Value) => boolean;
  /** Why a value is wrong, undefined when it is right. */
  readonly check?: (value: T) => string | undefined;
}

/** One input property; `T` is the type of its value, `P` whether it is there after Check. */
export interface Prop<T = unknown, P extends boolean = boolean> {
  readonly kind: Kind;
  readonly required: boolean;
  readonly default: Value;
  readonly computed: boolean;
  readonly replace: boolean;
  readonly same: ((left: Value, right: Value) => boolean) | undefined;
  readonly check: ((value: Value) => string | undefined) | undefined;
  readonly of: Prop | undefined;
  readonly fields: Shape | undefined;
  /** Sets of objects: the field that tells the elements apart. */
  readonly key: string | undefined;
  /** Only for the compiler; never there. */
  readonly type?: { value: T; present: P };
}

export type Shape = Readonly<Record<string, Prop>>;

type Present<O> = O extends { required: true } ? true : O extends { default: unknown } ? true : false;
type ValueOf<P> = P extends Prop<infer T, infer There> ? (There extends true ? T : T | undefined) : never;

/** The values of a shape, as they are after Check (and without unknowns). */
export type Values<S extends Shape> = { readonly [K in keyof S]: ValueOf<S[K]> };

interface Inner {
  readonly of?: Prop;
  readonly fields?: Shape;
  readonly key?: string;
}

function prop<T, P extends boolean>(kind: Kind, options: Options<T> | undefined, inner: Inner = {}): Prop<T, P> {
  return {
    kind,
    required: options?.required ?? false,
    default: options?.default,
    computed: options?.computed ?? false,
    replace: options?.replace ?? false,
    same: options?.same,
    // Check calls it only with values of the kind.
    check: options?.check as ((value: Value) => string | undefined) | undefined,
    of: inner.of,
    fields: inner.fields,
    key: inner.key,
  };
}

// biome-ignore lint/complexity/noBannedTypes: {} is "no options given" here.
type None = {};

export const string = <const O extends Options<string> = None>(options?: O) =>
  prop<string, Present<O>>("string", options);
export const number = <const O extends Options<number> = None>(options?: O) =>
  prop<number, Present<O>>("number", options);
export const boolean = <const O extends Options<boolean> = None>(options?: O) =>
  prop<boolean, Present<O>>("boolean", options);
/** JSON in a string: spacing and the order of keys mean nothing. */
export const json = <const O extends Options<string> = None>(options?: O) => prop<string, Present<O>>("json", options);
/** An IAM policy: a one-element list means the same as its element. */
export const policy = <const O extends Options<string> = None>(options?: O) =>
  prop<string, Present<O>>("json", { ...options, same: samePolicy });
export const list = <T, const O extends Options<readonly T[]> = None>(of: Prop<T>, options?: O) =>
  prop<readonly T[], Present<O>>("list", options, { of });
/** The order of the elements means nothing. */
export const set = <T, const O extends Options<readonly T[]> & { key?: string } = None>(of: Prop<T>, options?: O) =>
  prop<readonly T[], Present<O>>("set", options, { of, ...(options?.key === undefined ? {} : { key: options.key }) });
export const map = <const O extends Options<Readonly<Record<string, string>>> = None>(options?: O) =>
  prop<Readonly<Record<string, string>>, Present<O>>("map", options, { of: string() });
export const object = <S extends Shape, const O extends Options<Values<S>> = None>(fields: S, options?: O) =>
  prop<Values<S>, Present<O>>("object", options, { fields });
/** A Pulumi archive or asset, as the engine sends it; see archive.ts. */
export const archive = <const O extends Options<Props> = None>(options?: O) =>
  prop<Props, Present<O>>("archive", options);
export const asset = <const O extends Options<Props> = None>(options?: O) => prop<Props, Present<O>>("asset", options);

/** Property check: one of a few words. */
export const oneOf =
  (...words: readonly string[]) =>
  (value: string): string | undefined =>
    words.includes(value) ? undefined : `expected one of ${words.join(", ")}, got ${JSON.stringify(value)}`;

/** Tags of a resource, and those that AWS gets: with the provider's default tags. Check fills the second. */
export const tagged = { tags: map(), tagsAll: map({ default: {} }) };
