import { type Answer, FORMAT, NotMade, type Probe, type Recording, TooLate } from "./model.js";
import type { Placeholders } from "./normalise.js";
import { openSession, type SessionOptions } from "./session.js";

/** Answers that say nothing of AWS's behaviour: the run cannot go on. */
const NO_ANSWER =
  /^(Unauthorized|AccessDenied|AuthFailure|OptInRequired|ExpiredToken|RequestExpired|InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClient|Blocked|PendingVerification|RequestLimitExceeded|Throttling)/;

/** Asks all probes in their order. What one makes is the session's to remove. */
export async function askAll(
  probes: readonly Probe[],
  from: Recording["from"],
  options: SessionOptions,
  say: (line: string) => void,
): Promise<Recording> {
  const { session, placeholders } = openSession(options);
  const answers: Record<string, Answer> = {};
  for (const [i, probe] of probes.entries()) {
    options.signal.throwIfAborted();
    say(`${i + 1} of ${probes.length}: ${probe.name}`);
    answers[probe.name] = await answerOf(() => probe.ask(session), placeholders, probe);
  }
  const date = new Date(options.now()).toISOString().slice(0, "2026-01-01".length);
  return { format: FORMAT, from, date, regions: options.regions, answers };
}

async function answerOf(ask: () => Promise<unknown>, placeholders: Placeholders, { name }: Probe): Promise<Answer> {
  try {
    return { kind: "answer", answer: placeholders.of(await ask()) };
  } catch (error) {
    if (error instanceof NotMade || error instanceof TooLate) return { kind: "not asked", reason: error.message };
    const status = statusOf(error);
    // The SDK's own troubles, and the network's, have no status; a server's failure is no behaviour.
    if (!(error instanceof Error) || status === undefined || status >= 500 || NO_ANSWER.test(error.name)) {
      throw new Error(`${name}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`, {
        cause: error,
      });
    }
    return { kind: "error", code: error.name, status, message: placeholders.text(error.message) };
  }
}

/** The HTTP status that the SDK notes on an error of a service. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return undefined;
  const metadata: unknown = error.$metadata;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return undefined;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
}
