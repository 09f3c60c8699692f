import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import { toServiceError } from "./errors.js";

/** A handler of the engine's calls: what it returns is the answer, what it throws is the error. */
export function answer<Q, S>(handler: (call: ServerUnaryCall<Q, S>) => S | Promise<S>) {
  return (call: ServerUnaryCall<Q, S>, callback: sendUnaryData<S>): void => {
    const reply = async () => handler(call);
    reply().then(
      (response) => callback(null, response),
      (error: unknown) => callback(toServiceError(error)),
    );
  };
}
