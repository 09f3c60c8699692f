import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  Tag,
  TagResourceRequest,
  UntagResourceRequest,
} from "@aws-sdk/client-fsx";
import { ApiError } from "../wire/errors.js";
import { arnOf, idOf } from "./arns.js";
import type { Call } from "./call.js";
import { badRequest } from "./errors.js";
import { page } from "./paging.js";
import type { Entity, Tags } from "./state/model.js";

/** FSx user guides, "Tag restrictions". */
const MOST_TAGS = 50;

/** The tags of a request; AWS's own (`aws:`) are for its services. Characters are checked by the model. */
export function readTags(call: Call, given: readonly Tag[] = []): Tags {
  const tags = Object.fromEntries(given.map(({ Key = "", Value = "" }) => [Key, Value]));
  if (Object.keys(tags).length !== given.length) throw badRequest("The same tag key was given twice");
  const reserved = Object.keys(tags).find((key) => /^aws:/i.test(key));
  if (reserved !== undefined && call.byService === undefined)
    throw badRequest(`The tag key ${reserved} is invalid: keys that begin with aws: are reserved`);
  return tags;
}

/** All tags, those that came later where both have a key; at most 50 in all. */
export function joinTags(earlier: Tags, later: Tags): Tags {
  const joined = { ...earlier, ...later };
  if (Object.keys(joined).length > MOST_TAGS) throw badRequest(`A resource can have at most ${MOST_TAGS} tags`);
  return joined;
}

/** What copying of tags takes along: all but AWS's own. */
export const userTags = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !/^aws:/i.test(key)));

export const tagList = (tags: Tags): Tag[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export function tagResource(call: Call, { ResourceARN = "", Tags: given = [] }: TagResourceRequest): object {
  const found = resource(call, ResourceARN);
  call.store.commit([{ put: { ...found, tags: joinTags(found.tags, readTags(call, given)) } }]);
  return {};
}

export function untagResource(call: Call, { ResourceARN = "", TagKeys = [] }: UntagResourceRequest): object {
  const found = resource(call, ResourceARN);
  const kept = Object.entries(found.tags).filter(([key]) => !TagKeys.includes(key));
  call.store.commit([{ put: { ...found, tags: Object.fromEntries(kept) } }]);
  return {};
}

export function listTags(call: Call, request: ListTagsForResourceRequest): ListTagsForResourceResponse {
  const tags = tagList(resource(call, request.ResourceARN ?? "").tags);
  const { rows, next } = page(call, request, tags, ({ Key = "" }) => Key);
  return { Tags: rows, ...next };
}

function resource(call: Call, arn: string): Entity {
  const found = call.store.all().find(({ id, region }) => id === idOf(arn) && region === call.region);
  if (!found || arnOf(call.context.account, found) !== arn)
    throw new ApiError("ResourceNotFound", `There is no resource ${arn}`, { ResourceARN: arn });
  return found;
}
