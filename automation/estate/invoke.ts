import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { ClientConfig } from "../../kinds/purger.js";

/** What a function answered. */
export interface Answer {
  readonly text: string;
  /** It threw; `text` says what. */
  readonly failed: boolean;
}

/** Calls a function and waits for its answer. */
export async function invoke(name: string, input: object, config: ClientConfig): Promise<Answer> {
  const Payload = Buffer.from(JSON.stringify(input));
  const answer = await new LambdaClient(config).send(new InvokeCommand({ FunctionName: name, Payload }));
  return { text: Buffer.from(answer.Payload ?? []).toString(), failed: answer.FunctionError !== undefined };
}
