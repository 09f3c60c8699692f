import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb.js";
import { Status } from "@pulumi/pulumi/proto/status_pb.js";
import { Any } from "google-protobuf/google/protobuf/any_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";

/** The thing is there but not as it should be: the engine keeps it in its state and mends it in the next update. */
export class InitError extends Error {
  override readonly name = "InitError";
  readonly id: string;
  readonly state: Struct;
  readonly inputs: Struct;

  constructor(id: string, state: Struct, inputs: Struct, cause: unknown) {
    super(messageOf(cause), { cause });
    this.id = id;
    this.state = state;
    this.inputs = inputs;
  }
}

/** AWS errors are shown with their code, as the official provider does. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isAws = "$metadata" in error;
  return isAws ? `${error.name}: ${error.message}` : error.message;
}

/** An error as gRPC sends it; an `InitError` carries the new resource's id and state. */
export function toServiceError(error: unknown): Partial<ServiceError> {
  const metadata = new Metadata();
  const message = messageOf(error);
  if (error instanceof InitError) {
    const detail = new ErrorResourceInitFailed();
    detail.setId(error.id);
    detail.setProperties(error.state);
    detail.setInputs(error.inputs);
    detail.setReasonsList([message]);
    const any = new Any();
    any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const rpcStatus = new Status();
    rpcStatus.setCode(status.UNKNOWN);
    rpcStatus.setMessage(message);
    rpcStatus.addDetails(any);
    metadata.add("grpc-status-details-bin", Buffer.from(rpcStatus.serializeBinary()));
  }
  return { code: status.UNKNOWN, details: message, metadata };
}
