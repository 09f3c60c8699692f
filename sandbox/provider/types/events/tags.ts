import {
  EventBridgeClient,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-eventbridge";
import { fromTagList, tagChanges, toTagList } from "../../calls/tags.js";
import type { Context } from "../../resource/resource.js";

/** The tags of a bus or a rule. */
export async function readTags(context: Context, ResourceARN: string): Promise<Record<string, string>> {
  const found = await context.client(EventBridgeClient).send(new ListTagsForResourceCommand({ ResourceARN }));
  return fromTagList(found.Tags);
}

export async function setTags(
  context: Context,
  ResourceARN: string,
  next: Readonly<Record<string, string>>,
  prior: Readonly<Record<string, string>>,
): Promise<void> {
  const client = context.client(EventBridgeClient);
  const { set, unset } = tagChanges(next, prior);
  if (unset.length > 0) await client.send(new UntagResourceCommand({ ResourceARN, TagKeys: unset }));
  if (Object.keys(set).length > 0) await client.send(new TagResourceCommand({ ResourceARN, Tags: toTagList(set) }));
}
