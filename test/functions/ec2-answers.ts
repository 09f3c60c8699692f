import type { AwsEc2QueryProtocol, XmlShapeDeserializer } from "@aws-sdk/core/protocols";
import fc from "fast-check";

export type Operation = Parameters<AwsEc2QueryProtocol["deserializeResponse"]>[0];
export type AnySchema = Parameters<XmlShapeDeserializer["read"]>[0];
/** A schema as the SDK's protocols hand it to their deserializers. */
export type Schema = Extract<AnySchema, { readonly structIterator: unknown }>;

const spaces = () => fc.constantFrom("", "", "\n", "\n        ");
const character = fc.oneof(
  fc.constantFrom(
    "&amp;",
    "&lt;",
    "&gt;",
    "&quot;",
    "&apos;",
    "&#10;",
    "&#x20AC;",
    "&#246;",
    "]]",
    '"',
    "'",
    "/",
    "\n",
    "  ",
  ),
  fc.string({ unit: "grapheme", maxLength: 3 }).map((text) => text.replaceAll(/[<&\r]/g, "")),
);
const text = () =>
  fc.oneof(
    { weight: 4, arbitrary: fc.stringMatching(/^[\w .:-]{0,20}$/) },
    fc.array(character).map((all) => all.join("")),
  );

/** What lies between the tags of an element, as AWS might write it by a schema. */
function inside(g: fc.GeneratorValue, schema: Schema, depth = 0): string {
  if (schema.isStructSchema()) {
    const all = depth > 4 ? [] : [...schema.structIterator()];
    const members = g(fc.subarray, all, { maxLength: Math.min(6, all.length) });
    const known = members.map(([name, of]) =>
      written(g, of.getMemberTraits().xmlName ?? name, inside(g, of, depth + 1)),
    );
    const unknown = g(fc.boolean) ? written(g, "newSince", g(fc.boolean) ? "<a>1</a><b/>" : "") : "";
    return [unknown, ...known].map((one) => g(spaces) + one).join("") + g(spaces);
  }
  if (schema.isListSchema()) {
    const of = schema.getValueSchema();
    const name = of.getMergedTraits().xmlName ?? "member";
    const items = Array.from({ length: g(fc.integer, { min: 0, max: depth > 4 ? 0 : 3 }) }, () =>
      inside(g, of, depth + 1),
    );
    return items.map((item) => g(spaces) + written(g, name, item)).join("") + g(spaces);
  }
  if (schema.isNumericSchema()) return String(g(fc.integer));
  if (schema.isBooleanSchema()) return String(g(fc.boolean));
  if (schema.isBlobSchema()) return Buffer.from(g(fc.uint8Array)).toString("base64");
  if (schema.isTimestampSchema()) {
    const time = g(fc.date, { min: new Date(0), max: new Date("2199-12-31"), noInvalidDate: true }).toISOString();
    return g(fc.boolean) ? time : time.replace(/\.\d+Z$/, "Z");
  }
  return g(text);
}

function written(g: fc.GeneratorValue, tag: string, content: string): string {
  if (content !== "") return `<${tag}>${content}</${tag}>`;
  return g(fc.constantFrom, `<${tag}></${tag}>`, `<${tag}/>`, `<${tag} />`);
}

/** An answer of an operation. */
export function answerText(g: fc.GeneratorValue, { name }: Operation, schema: Schema): string {
  const declaration = g(fc.constantFrom, "", '<?xml version="1.0" encoding="UTF-8"?>', '<?xml version="1.0"?>\n');
  const attributes = g(fc.constantFrom, "", ' xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"');
  return `${declaration}<${name}Response${attributes}>${inside(g, schema)}</${name}Response>${g(spaces)}`;
}

/** What AWS does not write, or does not write there. */
const oddity = () =>
  fc.constantFrom(
    ...[
      "",
      "<",
      ">",
      "&",
      "/",
      "x",
      " ",
      "\n",
      "\r\n",
      "\ufeff",
      "<item>",
      "</item>",
      "<item/>",
      "<tagSet>",
      "</tagSet>",
    ],
    ...["<!-- c -->", "<![CDATA[<a>&]]>", "<?p i?>", "<!DOCTYPE a>", ' a="1"', "&#;", "&nbsp;", "&amp", "</ item>"],
  );

/** An answer in which something was left out, or put in, or which ends early. */
export function changed(g: fc.GeneratorValue, xml: string): string {
  const from = g(fc.nat, xml.length);
  const to = g(fc.boolean) ? from : from + g(fc.nat, 20);
  return xml.slice(0, from) + g(oddity) + (g(fc.nat, 9) === 0 ? "" : xml.slice(to));
}
