import type { Call, Commit } from "./call.js";
import type { Tags } from "./state/base.js";
import { checkId, kindOf, notFound } from "./state/ids.js";
import type { Entity } from "./state/model.js";
import { type Shelf, tableFor, tablesOf } from "./state/store.js";
import { Ec2Error, invalidValue, missingParameter } from "./wire/errors.js";
import type { FilterTable } from "./wire/filters.js";
import { readFilters, tagsOf } from "./wire/filters.js";
import { cut, readPage } from "./wire/paging.js";
import type { Params } from "./wire/protocol.js";
import { leaf, list } from "./wire/xml.js";

/** EC2 user guide, "Tag restrictions": 50 tags a resource, keys of 1 to 128 and values of up to 256 characters. */
const MAX_TAGS = 50;

/** Reads `Tag.N.Key`, `Tag.N.Value`. Keys with `aws:` are AWS's own; the messages are from the field. */
function readTags(structures: readonly Params[], byService = false): Tags {
  const tags = new Map<string, string>();
  for (const structure of structures) {
    const key = structure.optional("Key") ?? "";
    const value = structure.optional("Value") ?? "";
    if (key === "") throw new Ec2Error("InvalidTagKey.Malformed", "Tag keys cannot be empty or null");
    if (isAwsTag(key) && !byService) throw invalidValue("Tag keys starting with 'aws:' are reserved for internal use");
    if (key.length > 128) throw invalidValue(`Tag key exceeds the maximum length of 128 characters: '${key}'`);
    if (value.length > 256) throw invalidValue(`Tag value exceeds the maximum length of 256 characters: '${value}'`);
    if (tags.has(key)) throw invalidValue(`Duplicate tag key '${key}' specified.`);
    tags.set(key, value);
  }
  return checkCount(Object.fromEntries(tags));
}

/** AWS's own tags, which nobody else makes or removes and which do not count. */
const isAwsTag = (key: string): boolean => /^aws:/i.test(key);

function checkCount(tags: Tags): Tags {
  if (Object.keys(tags).filter((key) => !isAwsTag(key)).length > MAX_TAGS) {
    throw new Ec2Error("TagLimitExceeded", `The maximum number of Tags (${MAX_TAGS}) for a resource has been reached.`);
  }
  return tags;
}

/** Both sets; the second wins. Past 50 the call fails, as on AWS. */
export const mergeTags = (first: Tags, second: Tags): Tags => checkCount({ ...first, ...second });

/** Reads `TagSpecification.N` for the resource types that the action makes; a service of AWS may give tags of AWS's own. */
export function readTagSpecifications<T extends string>(
  params: Params,
  types: readonly T[],
  byService = false,
): Readonly<Record<T, Tags>> {
  const found = new Map<string, Tags>();
  for (const specification of params.structures("TagSpecification")) {
    const type = specification.required("ResourceType");
    if (!types.some((known) => known === type)) {
      throw invalidValue(`'${type}' is not a valid taggable resource type for this operation.`);
    }
    if (found.has(type)) throw invalidValue(`Duplicate resource type '${type}' in the tag specifications.`);
    const tags = specification.structures("Tag");
    if (tags.length === 0) throw missingParameter("Tag");
    found.set(type, readTags(tags, byService));
  }
  // Every type of the list is a key of the result.
  return Object.fromEntries(types.map((type) => [type, found.get(type) ?? {}])) as Record<T, Tags>;
}

/** AWS leaves the set out where there are no tags (from the field: boto3's missing `Tags` key). */
export const tagSet = (tags: Tags): string => {
  const items = Object.entries(tags).map(([key, value]) => leaf("key", key) + leaf("value", value));
  return items.length === 0 ? "" : list("tagSet", items);
};

function findTagged(call: Call, params: Params): Entity[] {
  const ids = [...new Set(params.strings("ResourceId"))];
  if (ids.length === 0) throw missingParameter("resourceIdSet");
  // API_CreateTags: "Constraints: Up to 1000 resource IDs."
  if (ids.length > 1000) throw invalidValue("At most 1000 resource IDs are allowed in one request");
  return ids.map((id) => {
    const kind = kindOf(id);
    if (!kind) throw new Ec2Error("InvalidID", `The ID '${id}' is not valid`);
    checkId(kind, id, "resourceId");
    const entity = tableFor(call.shelf, kind).get(id);
    if (!entity) throw notFound(kind, [id]);
    return entity;
  });
}

/** API_CreateTags: adds or overwrites; all resources or none. */
export function createTags(call: Call, params: Params): Commit {
  const structures = params.structures("Tag");
  if (structures.length === 0) throw missingParameter("tagSet");
  const tags = readTags(structures);
  const changed = findTagged(call, params).map((entity) => ({ ...entity, tags: mergeTags(entity.tags, tags) }));
  return () => {
    call.store.commit(changed.map((put) => ({ put })));
    return leaf("return", true);
  };
}

/** API_DeleteTags: with a value only if it is equal, without any tag all of them; what is not there is no error. */
export function deleteTags(call: Call, params: Params): Commit {
  const unwanted = params.structures("Tag").map((tag) => ({ key: tag.required("Key"), value: tag.optional("Value") }));
  if (unwanted.some(({ key }) => isAwsTag(key))) {
    throw invalidValue("Tag keys starting with 'aws:' are reserved for internal use");
  }
  const stays = ([key, value]: [string, string]): boolean =>
    isAwsTag(key) ||
    (unwanted.length > 0 &&
      !unwanted.some((tag) => tag.key === key && (tag.value === undefined || tag.value === value)));
  const changed = findTagged(call, params).map((entity) => ({
    ...entity,
    tags: Object.fromEntries(Object.entries(entity.tags).filter(stays)),
  }));
  return () => {
    call.store.commit(changed.map((put) => ({ put })));
    return leaf("return", true);
  };
}

interface TagRow {
  readonly position: string;
  readonly key: string;
  readonly value: string;
  readonly entity: Entity;
  readonly tags: Tags;
}

/** All tags of a region from a position on: table, row of the table, number of the tag. */
function* tagRows(shelf: Shelf, after: string): Generator<TagRow> {
  const [fromTable = 0, fromSeq = 0, fromTag = -1] = after === "" ? [] : after.split(".").map(Number);
  for (const [table, rows] of tablesOf(shelf).entries()) {
    if (table < fromTable) continue;
    const seq = table === fromTable ? fromSeq : 0;
    for (const entity of rows.after(Math.max(0, seq - 1))) {
      const skip = table === fromTable && entity.seq === fromSeq ? fromTag : -1;
      for (const [number, [key, value]] of Object.entries(entity.tags).entries()) {
        if (number > skip) {
          yield { position: `${table}.${entity.seq}.${number}`, key, value, entity, tags: { [key]: value } };
        }
      }
    }
  }
}

const describeTagsFilters: FilterTable<TagRow> = {
  key: (row) => row.key,
  value: (row) => row.value,
  "tag-value": (row) => row.value,
  "resource-id": (row) => row.entity.id,
  "resource-type": (row) => row.entity.kind,
};

/** API_DescribeTags. */
export function describeTags(call: Call, params: Params): Commit {
  const keep = readFilters(params, describeTagsFilters, tagsOf);
  const page = readPage(call, params, { over: "refuse" });
  return () => {
    const { rows, next } = cut(tagRows(call.shelf, page.after), page, keep, (row) => row.position);
    const items = rows.map(
      ({ entity, key, value }) =>
        leaf("resourceId", entity.id) + leaf("resourceType", entity.kind) + leaf("key", key) + leaf("value", value),
    );
    return list("tagSet", items) + next;
  };
}
