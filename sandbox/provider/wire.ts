import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";

/** Property values between engine and provider: JSON, with the engine's marks for what JSON lacks. */
export type Value = unknown;
export type Props = Record<string, Value>;

/** Stands for a value that is not known before an update ran (sdk/go/common/resource/plugin: UnknownStringValue). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Signatures of sdk/go/common/resource/sig: the key of a special object and what it is. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
export const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
export const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** Where secrets were in a property bag: the keys that lead to each. A list with a secret in it is all secret. */
export type Paths = readonly (readonly string[])[];

export interface Decoded {
  readonly props: Props;
  readonly secrets: Paths;
}

export function isProps(value: Value): value is Props {
  return typeof value === "object" && value !== null && !isList(value);
}

/** As `Array.isArray`, which says that the elements may be anything. */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** The signature of an asset or an archive; undefined for anything else. */
export function signatureOf(value: Value): string | undefined {
  const signature = isProps(value) ? value[SIGNATURE] : undefined;
  return typeof signature === "string" ? signature : undefined;
}

/** A resource as a value, such as an output of a component. */
export const resourceReference = (urn: string, id: string): Props => ({ [SIGNATURE]: RESOURCE, urn, id });

/** Whether a value, or anything in it, is not known yet. */
export function hasUnknown(value: Value): boolean {
  if (value === UNKNOWN) return true;
  if (isList(value)) return value.some(hasUnknown);
  return isProps(value) && Object.values(value).some(hasUnknown);
}

/** Takes the secret marks off and remembers where they were; drops nulls, which mean "not given". */
export function decode(struct: Struct | undefined): Decoded {
  const secrets: string[][] = [];
  const strip = (value: Value, path: readonly string[]): Value => {
    if (isList(value)) return value.map((item) => strip(item, path));
    if (!isProps(value)) return value;
    if (value[SIGNATURE] === SECRET) {
      secrets.push([...path]);
      return strip(value["value"], path);
    }
    const entries = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
    return Object.fromEntries(entries.map(([key, item]) => [key, strip(item, [...path, key])]));
  };
  const props = strip(struct?.toJavaScript() ?? {}, []);
  return { props: isProps(props) ? props : {}, secrets };
}

/** Puts a bag on the wire, with the secret marks where `secrets` says; a path into what is now text marks the text. */
export function encode(props: Props, secrets: Paths = []): Struct {
  const mark = (value: Value, paths: Paths): Value => {
    const ends = paths.some((path) => path.length === 0) || (paths.length > 0 && !isProps(value));
    if (ends) return { [SIGNATURE]: SECRET, value: mark(value, []) };
    const below = (key: string) => paths.filter((path) => path[0] === key).map((path) => path.slice(1));
    if (isList(value)) return value.map((item) => mark(item, []));
    if (!isProps(value)) return value;
    const known = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(known.map(([key, item]) => [key, mark(item, below(key))]));
  };
  // JSON in, JSON out; the library's type of its argument is narrower than what it takes.
  return Struct.fromJavaScript(mark(props, secrets) as Parameters<typeof Struct.fromJavaScript>[0]);
}
