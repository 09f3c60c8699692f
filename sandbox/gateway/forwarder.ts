import { Agent, type IncomingMessage, request, type ServerResponse } from "node:http";

/** Answers the client itself and says so, or leaves it to the emulator's answer. */
export type Instead = (status: number) => Promise<boolean>;

/** Passes requests on to the emulator, streaming both ways. */
export class Forwarder {
  // Idle connections go before the emulator closes them (it keeps them for 120 s), so none is reused while it closes.
  readonly #agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, timeout: 60_000 });
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  /**
   * Forwards the request as it came; `body` where it was already read. `instead` looks at the status and may answer otherwise:
   * then nothing of the emulator's answer is passed on. Rejects when no answer came.
   */
  forward(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    { body, instead }: { readonly body: Buffer | undefined; readonly instead: Instead },
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      // 100 Continue was already said to the client.
      const headers = omit(incoming.rawHeaders, [
        "expect",
        "connection",
        ...(body ? ["transfer-encoding", "content-length"] : []),
      ]);
      if (body) headers.push("content-length", String(body.length));
      const upstream = request(
        {
          host: "127.0.0.1",
          port: this.#port,
          agent: this.#agent,
          method: incoming.method,
          path: incoming.url,
          headers,
        },
        (answer) => {
          const status = answer.statusCode ?? 502;
          outgoing.once("close", () => resolve());
          answer.once("error", () => outgoing.destroy());
          const pass = () => {
            // The date is the gateway's.
            outgoing.writeHead(status, omit(answer.rawHeaders, ["connection", "keep-alive", "date"]));
            answer.pipe(outgoing);
          };
          instead(status).then((other) => (other ? answer.resume() : pass()), reject);
        },
      );
      upstream.once("error", (error) => {
        if (outgoing.headersSent) outgoing.destroy();
        reject(error);
      });
      incoming.once("aborted", () => upstream.destroy());
      if (body) upstream.end(body);
      else incoming.pipe(upstream);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

function omit(rawHeaders: readonly string[], names: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name = "", value = ""] = rawHeaders.slice(i, i + 2);
    if (!names.includes(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}
