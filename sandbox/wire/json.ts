import { randomUUID } from "node:crypto";
import { JsonCodec2 } from "@smithy/core/protocols";
import { NormalizedSchema } from "@smithy/core/schema";
import type { PlaneRequest, PlaneResponse } from "../plane.js";
import { ApiError, sandboxUnsupported } from "./errors.js";
import type { ServiceModel } from "./model.js";
import { checkInput, type Taken } from "./validate.js";

type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

/** An operation as the SDK's clients export it, as `CreateBackup$`. */
type OperationSchema = readonly [
  id: 9,
  namespace: string,
  name: string,
  traits: unknown,
  in_: SchemaRef,
  out: SchemaRef,
];

/** An operation of a plane: `Call` is what the plane hands to each of them. */
export interface Operation<Call> {
  readonly name: string;
  readonly taken: Taken;
  /** From the request's body to the answer's. */
  answer(call: Call, body: string): Promise<Buffer>;
}

/** Times are seconds with a fraction, as in all JSON protocols of AWS (Smithy 2.0, "AWS JSON 1.1 protocol"). */
const codec = new JsonCodec2({ timestampFormat: { useTrait: true, default: 7 }, jsonName: false });

/** An operation whose requests and answers are read and written by the SDK's own schema of it. */
export function operation<Call, Input, Output extends object>(
  [, , name, , input, output]: OperationSchema,
  taken: Taken,
  run: (call: Call, input: Input) => Output | Promise<Output>,
): Operation<Call> {
  return {
    name,
    taken,
    answer: async (call, body) => {
      // The schema is that of this input.
      const read = (await codec.createDeserializer().read(NormalizedSchema.of(input), body)) as Input;
      const serializer = codec.createSerializer();
      serializer.write(NormalizedSchema.of(output), await run(call, read));
      return Buffer.concat([serializer.flush()]);
    },
  };
}

/** What a plane of AWS's JSON 1.1 protocol is made of. */
export interface JsonApi<Call> {
  readonly model: ServiceModel;
  readonly operations: readonly Operation<Call>[];
  /** Of a request that does not fit the model. */
  readonly invalid: string;
}

/** Codes that are of the protocol, or of the sandbox, and in no model. */
const COMMON = ["SandboxUnsupported", "SerializationException", "AccessDeniedException"];

/** Answers a request of the JSON 1.1 protocol: reads it, checks it, does it, says what went wrong. */
export async function answerJson<Call>(
  api: JsonApi<Call>,
  request: PlaneRequest,
  call: (input: Readonly<Record<string, unknown>>) => Call,
): Promise<PlaneResponse> {
  const action =
    String(request.headers["x-amz-target"] ?? "")
      .split(".")
      .at(-1) ?? "";
  const respond = (status: number, body: string | Buffer): PlaneResponse => ({
    action: action || "Unknown",
    status,
    headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": randomUUID() },
    body,
  });
  try {
    const found = api.operations.find(({ name }) => name === action);
    if (!found) throw sandboxUnsupported(`${request.service}:${action}`);
    const body = request.body.toString("utf8") || "{}";
    const input = parse(body);
    checkInput(api.model, action, input, { taken: found.taken, code: api.invalid });
    return respond(200, await found.answer(call(input), body));
  } catch (error) {
    const { code, status, members, message } = knownError(api.model, action, error);
    return respond(status, JSON.stringify({ __type: code, Message: message, ...members }));
  }
}

function parse(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    // A JSON object; its values stay unknown.
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new ApiError("SerializationException", "the body must be a JSON object");
}

/** A fault of the sandbox says what it is: that helps more than AWS's sentence for it. So does a code that AWS does not have there. */
function knownError(model: ServiceModel, action: string, error: unknown): ApiError {
  const internal = (text: string) => new ApiError("InternalServerError", text, {}, 500);
  if (!(error instanceof ApiError))
    return internal(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const errors = model.operations[action]?.errors ?? [];
  if (COMMON.includes(error.code) || errors.some(({ shape }) => shape === error.code)) return error;
  return internal(`${action} of AWS has no error ${error.code}: ${error.message}`);
}
