import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** An error answer in the protocol of a service. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export interface AwsError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

type Protocol = "json" | "rest-json" | "query" | "ec2" | "rest-xml" | "cbor";

const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  ec2: "ec2",
  s3: "rest-xml",
  cloudfront: "rest-xml",
  route53: "rest-xml",
  iam: "query",
  sts: "query",
  sns: "query",
  autoscaling: "query",
  lambda: "rest-json",
  scheduler: "rest-json",
  elasticfilesystem: "rest-json",
};

function protocolOf(service: string, headers: IncomingHttpHeaders): Protocol {
  if (headers["smithy-protocol"] === "rpc-v2-cbor") return "cbor";
  if (headers["x-amz-target"]) return "json";
  const known = PROTOCOLS[service];
  if (known) return known;
  return headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ? "query" : "rest-json";
}

function xml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** A text string of CBOR (RFC 8949, major type 3). */
function cborText(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = Buffer.from([0x7a, 0, 0, 0, 0]);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** Says an error so that the service's SDK client understands it. */
export function errorAnswer(service: string, requestHeaders: IncomingHttpHeaders, error: AwsError): ErrorAnswer {
  const id = randomUUID();
  const { status, code, message } = error;
  const fault = status >= 500 ? "Receiver" : "Sender";
  const detail = `<Code>${xml(code)}</Code><Message>${xml(message)}</Message>`;
  const answer = (type: string, body: string | Buffer, headers: Record<string, string> = {}): ErrorAnswer => ({
    status,
    headers: { "content-type": type, "x-amzn-requestid": id, ...headers },
    body,
  });
  switch (protocolOf(service, requestHeaders)) {
    case "json":
      return answer("application/x-amz-json-1.0", JSON.stringify({ __type: code, message }));
    case "rest-json":
      return answer("application/json", JSON.stringify({ message, Message: message }), { "x-amzn-errortype": code });
    case "query":
      return answer(
        "text/xml",
        `<ErrorResponse><Error><Type>${fault}</Type>${detail}</Error><RequestId>${id}</RequestId></ErrorResponse>`,
      );
    case "ec2":
      return answer(
        "text/xml",
        `<Response><Errors><Error>${detail}</Error></Errors><RequestID>${id}</RequestID></Response>`,
      );
    case "rest-xml":
      return answer("application/xml", `<Error>${detail}<RequestId>${id}</RequestId></Error>`);
    case "cbor":
      return answer(
        "application/cbor",
        // A map of two pairs (major type 5).
        Buffer.concat([Buffer.from([0xa2]), ...["__type", code, "message", message].map(cborText)]),
        { "smithy-protocol": "rpc-v2-cbor" },
      );
  }
}
