/** XML by string concatenation: describing tens of thousands of snapshots must stay cheap. */

const NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

const escaped = (text: string): string =>
  /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (c) => escapes[c] ?? c) : text;

/** `<name>value</name>`, or nothing when there is no value. */
export const leaf = (name: string, value: string | number | boolean | undefined): string =>
  value === undefined ? "" : `<${name}>${typeof value === "string" ? escaped(value) : value}</${name}>`;

/** `<name>content</name>` around XML. */
export const branch = (name: string, content: string): string => `<${name}>${content}</${name}>`;

/** EC2's list: `<name><item>…</item></name>`. */
export const list = (name: string, items: readonly string[]): string =>
  items.length === 0 ? `<${name}/>` : `<${name}>${items.map((item) => `<item>${item}</item>`).join("")}</${name}>`;

/** EC2's time stamps, with milliseconds: `2026-01-31T12:34:56.000Z`. */
export const timestamp = (ms: number): string => new Date(ms).toISOString();

/** The answer of an action. */
export const responseXml = (action: string, requestId: string, content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${action}Response xmlns="${NAMESPACE}"><requestId>${requestId}</requestId>${content}</${action}Response>`;

/** EC2 developer guide, errors-overview, "Example error response": `RequestID`, not `RequestId`. */
export const errorXml = (code: string, message: string, requestId: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error>${leaf("Code", code)}${leaf("Message", message)}</Error></Errors><RequestID>${requestId}</RequestID></Response>`;
