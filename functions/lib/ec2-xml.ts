import { AwsEc2QueryProtocol, XmlShapeDeserializer } from "@aws-sdk/core/protocols";

/**
 * EC2's protocol, its answers read several times as fast as the SDK does it: that adds up texts character by character into a
 * tree, and walks it twice more. Here one pass makes the output, by the same schema.
 */
export class FastEc2Protocol extends AwsEc2QueryProtocol {
  constructor(options: ConstructorParameters<typeof AwsEc2QueryProtocol>[0]) {
    super(options);
    this.deserializer = new FastDeserializer(this.deserializer.settings);
  }
}

type AnySchema = Parameters<XmlShapeDeserializer["read"]>[0];
/** A schema as the SDK's protocols hand it to their deserializers. */
type Schema = Extract<AnySchema, { readonly structIterator: unknown }>;

/** What an element becomes. */
interface Shape {
  /** Where the values of its children go, by their tags; others are read over. A text has none. */
  readonly children?: ReadonlyMap<string, Child>;
  readonly isList?: boolean;
  /** What it is without children. */
  readonly leaf: (text: string) => unknown;
}

interface Child {
  readonly member: string;
  /** Made when it is first met: shapes may contain themselves. */
  readonly shape: () => Shape;
}

/** Knows the XML that AWS writes. All else, broken XML with it, is for the SDK's own reading, which refuses what is broken. */
class FastDeserializer extends XmlShapeDeserializer {
  override read(schema: AnySchema, bytes: Uint8Array | string): unknown {
    if (typeof schema === "object" && "structIterator" in schema) {
      try {
        return readXml(Buffer.from(bytes).toString(), this.#shapeOf(schema));
      } catch (error) {
        if (!(error instanceof Odd)) throw error;
      }
    }
    return super.read(schema, bytes);
  }

  #shapeOf(schema: Schema): Shape {
    const leaf = (text: string): unknown => super.readSchema(schema, text);
    const child = (member: string, of: Schema): Child => {
      let made: Shape | undefined;
      return { member, shape: () => (made ??= this.#shapeOf(of)) };
    };
    if (schema.isStructSchema()) {
      const members = [...schema.structIterator()];
      const children = members.map(([name, of]) => [of.getMemberTraits().xmlName ?? name, child(name, of)] as const);
      return { leaf, children: new Map(children) };
    }
    if (schema.isListSchema()) {
      const of = schema.getValueSchema();
      return { leaf, children: new Map([[of.getMergedTraits().xmlName ?? "member", child("", of)]]), isList: true };
    }
    return { leaf: schema.isStringSchema() ? (text) => text : leaf };
  }
}

/** What is not as AWS writes it. */
class Odd extends Error {}

/** An XML declaration, and the root's tag: the only one with attributes. */
const ROOT = /^(?:<\?xml [^<>]*\?>)?[ \n]*<(\w+)(?: [\w:]+="[^"<>]*")*>/;
const NAME = /^[\w.-]+$/;
const IGNORED: Shape = { children: new Map(), leaf: () => undefined };

function readXml(xml: string, root: Shape): unknown {
  const [start = "", rootTag] = ROOT.exec(xml) ?? [];
  if (rootTag === undefined || xml.includes("\r")) throw new Odd();
  let at = start.length;

  const to = (mark: string): string => {
    const from = at;
    at = xml.indexOf(mark, from);
    if (at < 0) throw new Odd();
    return xml.slice(from, at);
  };

  const closes = (tag: string): boolean => {
    const end = at + 2 + tag.length;
    const isClosing = xml[at + 1] === "/" && xml[end] === ">" && xml.startsWith(tag, at + 2);
    if (isClosing) at = end + 1;
    return isClosing;
  };

  /** What lies between the tags of an element; its closing tag is read too. */
  const element = (tag: string, { children, isList, leaf }: Shape): unknown => {
    let text = textOf(to("<"));
    if (closes(tag)) return leaf(text);
    if (children === undefined) throw new Odd();
    const list: unknown[] | undefined = isList ? [] : undefined;
    const struct: Record<string, unknown> = {};
    for (; ; text = textOf(to("<"))) {
      // Not for the SDK either: it would take the text, and lose the elements.
      if (text !== "") throw new Error("EC2's answer has text between elements");
      if (closes(tag)) return list ?? struct;
      at++;
      const written = to(">");
      at++;
      const isEmpty = written.endsWith("/");
      const name = isEmpty ? written.slice(0, -1).trimEnd() : written;
      const child = children.get(name);
      if (child === undefined && !NAME.test(name)) throw new Odd();
      const shape = child?.shape() ?? IGNORED;
      const value = isEmpty ? shape.leaf("") : element(name, shape);
      if (child === undefined) continue;
      if (list) list.push(value);
      else if (struct[child.member] === undefined) struct[child.member] = value;
      else throw new Odd();
    }
  };

  const value = element(rootTag, root);
  if (xml.slice(at).trim() !== "") throw new Odd();
  return value;
}

function textOf(raw: string): string {
  const text = raw.includes("&") ? raw.replaceAll(REFERENCE, character) : raw;
  // Only for the eye, between tags on lines of their own.
  return text.includes("\n") && text.trim() === "" ? "" : text;
}

const REFERENCE = /&(?:#(x[\da-fA-F]{1,6}|\d{1,7})|([a-zA-Z][a-zA-Z\d]{0,30}));/g;
const NAMED = new Map(Object.entries({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }));

const character = (_: string, code: string | undefined, name: string): string =>
  code === undefined ? (NAMED.get(name) ?? "") : String.fromCodePoint(Number(code.replace("x", "0x")));
