import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import { fromTagList, tagChanges, toTagList } from "../../calls/tags.js";
import { type Context, resource, unlessGone } from "../../resource/resource.js";
import { boolean, number, object, policy, set, string, tagged } from "../../resource/schema.js";

const NO_ENTITY = "NoSuchEntityException";

interface InlinePolicy {
  readonly name: string;
  readonly policy: string;
}

async function attachedArns(client: IAMClient, RoleName: string): Promise<string[]> {
  const pages = await Array.fromAsync(paginateListAttachedRolePolicies({ client }, { RoleName }));
  return pages.flatMap(({ AttachedPolicies = [] }) => AttachedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? []));
}

async function inlineNames(client: IAMClient, RoleName: string): Promise<string[]> {
  const pages = await Array.fromAsync(paginateListRolePolicies({ client }, { RoleName }));
  return pages.flatMap(({ PolicyNames = [] }) => PolicyNames);
}

async function inlinePolicies(client: IAMClient, RoleName: string): Promise<InlinePolicy[]> {
  const names = await inlineNames(client, RoleName);
  const read = names.map(async (name) => {
    const { PolicyDocument } = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName: name }));
    return { name, policy: decodeURIComponent(PolicyDocument ?? "") };
  });
  return Promise.all(read);
}

/** Where the program lists them, the list is all there is. */
async function setPolicies(
  client: IAMClient,
  RoleName: string,
  inline: readonly InlinePolicy[] | undefined,
  managed: readonly string[] | undefined,
): Promise<void> {
  if (inline) {
    const wanted = new Set(inline.map(({ name }) => name));
    for (const { name: PolicyName, policy: PolicyDocument } of inline) {
      await client.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
    }
    for (const PolicyName of await inlineNames(client, RoleName)) {
      if (!wanted.has(PolicyName)) await client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    }
  }
  if (managed) {
    for (const PolicyArn of managed) await client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    for (const PolicyArn of await attachedArns(client, RoleName)) {
      if (!managed.includes(PolicyArn)) await client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    }
  }
}

async function setBoundary(client: IAMClient, RoleName: string, arn: string | undefined): Promise<void> {
  if (arn === undefined) await client.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
  else await client.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: arn }));
}

async function setTags(
  context: Context,
  RoleName: string,
  next: Record<string, string>,
  prior: Record<string, string>,
) {
  const client = context.client(IAMClient);
  const { set: added, unset } = tagChanges(next, prior);
  if (unset.length > 0) await client.send(new UntagRoleCommand({ RoleName, TagKeys: unset }));
  if (Object.keys(added).length > 0) await client.send(new TagRoleCommand({ RoleName, Tags: toTagList(added) }));
}

export const role = resource({
  token: "aws:iam/role:Role",
  global: true,
  inputs: {
    assumeRolePolicy: policy({ required: true }),
    description: string(),
    forceDetachPolicies: boolean({ default: false }),
    inlinePolicies: set(object({ name: string({ required: true }), policy: policy({ required: true }) }), {
      computed: true,
      key: "name",
    }),
    managedPolicyArns: set(string(), { computed: true }),
    maxSessionDuration: number({ default: 3600 }),
    name: string({ required: true, replace: true }),
    path: string({ default: "/", replace: true }),
    permissionsBoundary: string(),
    ...tagged,
  },
  outputs: ["arn", "createDate", "uniqueId"],
  autoName: { property: "name", max: 64 },
  async create(context, inputs) {
    const client = context.client(IAMClient);
    await client.send(
      new CreateRoleCommand({
        RoleName: inputs.name,
        AssumeRolePolicyDocument: inputs.assumeRolePolicy,
        Description: inputs.description,
        MaxSessionDuration: inputs.maxSessionDuration,
        Path: inputs.path,
        PermissionsBoundary: inputs.permissionsBoundary,
        Tags: toTagList(inputs.tagsAll),
      }),
    );
    return inputs.name;
  },
  async settle(context, id, { inlinePolicies: inline, managedPolicyArns }) {
    await setPolicies(context.client(IAMClient), id, inline, managedPolicyArns);
  },
  async read(context, id, prior) {
    const client = context.client(IAMClient);
    const found = await unlessGone(client.send(new GetRoleCommand({ RoleName: id })), NO_ENTITY);
    if (!found?.Role) return undefined;
    const { Role: seen } = found;
    return {
      name: seen.RoleName,
      arn: seen.Arn,
      uniqueId: seen.RoleId,
      createDate: seen.CreateDate?.toISOString(),
      path: seen.Path,
      description: seen.Description,
      maxSessionDuration: seen.MaxSessionDuration ?? 3600,
      assumeRolePolicy: decodeURIComponent(seen.AssumeRolePolicyDocument ?? ""),
      permissionsBoundary: seen.PermissionsBoundary?.PermissionsBoundaryArn,
      tagsAll: fromTagList(seen.Tags),
      // Read only where the program manages them here; else they belong to RolePolicy and RolePolicyAttachment.
      ...(prior.inlinePolicies ? { inlinePolicies: await inlinePolicies(client, id) } : {}),
      ...(prior.managedPolicyArns ? { managedPolicyArns: await attachedArns(client, id) } : {}),
    };
  },
  async update(context, id, next, prior, changed) {
    const client = context.client(IAMClient);
    if (changed.has("assumeRolePolicy")) {
      const PolicyDocument = next.assumeRolePolicy;
      await client.send(new UpdateAssumeRolePolicyCommand({ RoleName: id, PolicyDocument }));
    }
    if (changed.has("description") || changed.has("maxSessionDuration")) {
      const { description: Description = "", maxSessionDuration: MaxSessionDuration } = next;
      await client.send(new UpdateRoleCommand({ RoleName: id, Description, MaxSessionDuration }));
    }
    if (changed.has("permissionsBoundary")) await setBoundary(client, id, next.permissionsBoundary);
    if (changed.has("inlinePolicies")) await setPolicies(client, id, next.inlinePolicies, undefined);
    if (changed.has("managedPolicyArns")) await setPolicies(client, id, undefined, next.managedPolicyArns);
    if (changed.has("tagsAll")) await setTags(context, id, next.tagsAll, prior.tagsAll);
  },
  async remove(context, id, { forceDetachPolicies, inlinePolicies: inline, managedPolicyArns }) {
    const client = context.client(IAMClient);
    const remove = async () => {
      await setPolicies(
        client,
        id,
        forceDetachPolicies || inline ? [] : undefined,
        forceDetachPolicies || managedPolicyArns ? [] : undefined,
      );
      await client.send(new DeleteRoleCommand({ RoleName: id }));
    };
    await unlessGone(remove(), NO_ENTITY);
  },
});
