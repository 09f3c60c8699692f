import { request } from "node:http";
import { text as textOf } from "node:stream/consumers";
import type { SandboxInfo } from "../info.js";
import { SandboxError } from "../starting.js";

interface Asked {
  readonly body?: unknown;
  /** As long as it takes without it: Node's fetch would give up after five minutes. */
  readonly withinMs?: number;
}

/** One request of the admin API (docs/sandbox.md). Throws SandboxError where it is refused. */
export async function askAdmin(
  { endpoint }: Pick<SandboxInfo, "endpoint">,
  method: string,
  path: string,
  { body, withinMs }: Asked = {},
): Promise<unknown> {
  const { status, text } = await send(`${endpoint}/_lockstep/${path}`, method, withinMs, body);
  const answer: unknown = JSON.parse(text);
  if (status < 300) return answer;
  const message = typeof answer === "object" && answer !== null && "message" in answer ? answer.message : text;
  throw new SandboxError(`${method} ${path}: ${String(message)}`);
}

const send = (url: string, method: string, withinMs: number | undefined, body: unknown) =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const signal = withinMs === undefined ? {} : { signal: AbortSignal.timeout(withinMs) };
    const outgoing = request(url, { method, ...signal }, (response) => {
      textOf(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
    });
    outgoing.on("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
