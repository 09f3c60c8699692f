import {
  CreateTagsCommand,
  DeleteTagsCommand,
  EC2Client,
  type ResourceType,
  type TagSpecification,
} from "@aws-sdk/client-ec2";
import { tagChanges, toTagList } from "../../calls/tags.js";
import type { Context } from "../../resource/resource.js";

/** Tags in the call that makes the thing; no tags are no specification, which EC2 would refuse. */
export function tagSpecification(type: ResourceType, tags: Readonly<Record<string, string>>): TagSpecification[] {
  const Tags = toTagList(tags);
  return Tags.length > 0 ? [{ ResourceType: type, Tags }] : [];
}

export async function setTags(
  context: Context,
  ids: readonly string[],
  next: Readonly<Record<string, string>>,
  prior: Readonly<Record<string, string>> | undefined,
): Promise<void> {
  const client = context.client(EC2Client);
  const { set, unset } = tagChanges(next, prior);
  const Resources = [...ids];
  if (Resources.length === 0) return;
  if (unset.length > 0) await client.send(new DeleteTagsCommand({ Resources, Tags: unset.map((Key) => ({ Key })) }));
  if (Object.keys(set).length > 0) await client.send(new CreateTagsCommand({ Resources, Tags: toTagList(set) }));
}

/** The ARN of an EC2 resource of the account. */
export const arnOf = ({ partition, region, account }: Context, type: string, id: string): string =>
  `arn:${partition}:ec2:${region}:${account}:${type}/${id}`;

/** Property check: a switch that stays off here. */
export const never =
  (reason: string) =>
  (value: boolean): string | undefined =>
    value ? reason : undefined;
