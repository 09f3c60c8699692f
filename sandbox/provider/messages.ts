import * as pb from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { parseConfig } from "./config.js";
import { messageOf } from "./errors.js";
import type { Provider } from "./provider.js";
import type { Autonaming, Failure } from "./resource/check.js";
import type { Change } from "./resource/diff.js";
import { canonical } from "./resource/equal.js";
import { decode, hasUnknown } from "./wire.js";

/** A provider resource whose arguments are wrong fails before anything is made. */
export function checkConfig(request: pb.CheckRequest): pb.CheckResponse {
  const response = new pb.CheckResponse();
  const args = decode(request.getNews()).props;
  response.setInputs(request.getNews());
  if (hasUnknown(args)) return response;
  try {
    parseConfig(args, process.env);
  } catch (error) {
    response.setFailuresList([failure({ property: "", reason: messageOf(error) })]);
  }
  return response;
}

/** Another region is another provider: everything in it is made anew (pulumi-aws does the same by the resources). */
export function diffConfig(request: pb.DiffRequest): pb.DiffResponse {
  const before = canonical(decode(request.getOldInputs()).props);
  const response = new pb.DiffResponse();
  const changed = before !== canonical(decode(request.getNews()).props);
  response.setChanges(changed ? pb.DiffResponse.DiffChanges.DIFF_SOME : pb.DiffResponse.DiffChanges.DIFF_NONE);
  return response;
}

export function check(request: pb.CheckRequest, provider: Provider): pb.CheckResponse {
  const checked = provider.check(request.getType(), {
    name: request.getName(),
    news: decode(request.getNews()),
    olds: decode(request.getOlds()),
    seed: request.getRandomseed_asU8(),
    autonaming: autonamingOf(request.getAutonaming()),
  });
  const response = new pb.CheckResponse();
  response.setInputs(checked.inputs);
  response.setFailuresList(checked.failures.map(failure));
  return response;
}

function autonamingOf(options: pb.CheckRequest.AutonamingOptions | undefined): Autonaming | undefined {
  if (!options) return undefined;
  const modes = { 0: "propose", 1: "enforce", 2: "disable" } as const;
  return { mode: modes[options.getMode()], name: options.getProposedName() };
}

function failure({ property, reason }: Failure): pb.CheckFailure {
  const message = new pb.CheckFailure();
  message.setProperty(property);
  message.setReason(reason);
  return message;
}

export function diff(request: pb.DiffRequest, provider: Provider): pb.DiffResponse {
  const { changes, deleteBeforeReplace } = provider.diff(request.getType(), {
    state: decode(request.getOlds()),
    news: decode(request.getNews()),
    ignored: request.getIgnorechangesList(),
  });
  const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
  const response = new pb.DiffResponse();
  response.setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList([...new Set(changes.map(({ property }) => property))]);
  response.setReplacesList([...new Set(changes.filter(({ replace }) => replace).map(({ property }) => property))]);
  response.setDeletebeforereplace(deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const change of changes) response.getDetaileddiffMap().set(change.path, propertyDiff(change));
  return response;
}

function propertyDiff({ kind, replace }: Change): pb.PropertyDiff {
  const { Kind } = pb.PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  const message = new pb.PropertyDiff();
  message.setKind(kinds[kind][replace ? 1 : 0]);
  message.setInputdiff(false);
  return message;
}

export async function create(request: pb.CreateRequest, provider: Provider): Promise<pb.CreateResponse> {
  const inputs = decode(request.getProperties());
  const made = await provider.create(request.getType(), inputs, request.getPreview());
  const response = new pb.CreateResponse();
  response.setId(made.id);
  response.setProperties(made.state);
  return response;
}

/** An answer without an id means that the resource is gone. */
export async function read(request: pb.ReadRequest, provider: Provider): Promise<pb.ReadResponse> {
  const [state, inputs] = [decode(request.getProperties()), decode(request.getInputs())];
  const seen = await provider.read(request.getType(), request.getId(), state, inputs);
  const response = new pb.ReadResponse();
  if (!seen) return response;
  response.setId(request.getId());
  response.setProperties(seen.state);
  response.setInputs(seen.inputs);
  return response;
}

export async function update(request: pb.UpdateRequest, provider: Provider): Promise<pb.UpdateResponse> {
  const [news, state] = [decode(request.getNews()), decode(request.getOlds())];
  const response = new pb.UpdateResponse();
  response.setProperties(await provider.update(request.getType(), request.getId(), news, state, request.getPreview()));
  return response;
}

export async function remove(request: pb.DeleteRequest, provider: Provider): Promise<Empty> {
  await provider.remove(request.getType(), request.getId(), decode(request.getProperties()));
  return new Empty();
}

export async function invoke(request: pb.InvokeRequest, provider: Provider): Promise<pb.InvokeResponse> {
  const response = new pb.InvokeResponse();
  response.setReturn(await provider.invoke(request.getTok(), decode(request.getArgs()).props));
  return response;
}
