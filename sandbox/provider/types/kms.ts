import {
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyRotationCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  paginateListAliases,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateKeyDescriptionCommand,
} from "@aws-sdk/client-kms";
import { tagChanges } from "../calls/tags.js";
import { resource, unlessGone } from "../resource/resource.js";
import { boolean, number, oneOf, policy, string, tagged } from "../resource/schema.js";

const GONE = "NotFoundException";

const tagList = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));

/** What a key that only this account may use is for; the official provider's wait and its other kinds are not known. */
export const key = resource({
  token: "aws:kms/key:Key",
  inputs: {
    customerMasterKeySpec: string({ default: "SYMMETRIC_DEFAULT", replace: true, check: oneOf("SYMMETRIC_DEFAULT") }),
    deletionWindowInDays: number(),
    description: string({ computed: true }),
    enableKeyRotation: boolean({ default: false }),
    keyUsage: string({ default: "ENCRYPT_DECRYPT", replace: true, check: oneOf("ENCRYPT_DECRYPT") }),
    policy: policy({ computed: true }),
    rotationPeriodInDays: number({ computed: true }),
    ...tagged,
  },
  outputs: ["arn", "keyId"],
  async create(context, inputs) {
    const request = { Description: inputs.description, Policy: inputs.policy, Tags: tagList(inputs.tagsAll) };
    const { KeyMetadata } = await context.client(KMSClient).send(new CreateKeyCommand(request));
    if (!KeyMetadata?.KeyId) throw new Error("CreateKey gave no id");
    return KeyMetadata.KeyId;
  },
  async settle(context, KeyId, { enableKeyRotation, rotationPeriodInDays: RotationPeriodInDays }) {
    if (!enableKeyRotation) return;
    await context.client(KMSClient).send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays }));
  },
  async read(context, KeyId, prior) {
    const client = context.client(KMSClient);
    const found = (await unlessGone(client.send(new DescribeKeyCommand({ KeyId })), GONE))?.KeyMetadata;
    if (!found || found.KeyState === "PendingDeletion") return undefined;
    const { Policy } = await client.send(new GetKeyPolicyCommand({ KeyId }));
    const rotation = await client.send(new GetKeyRotationStatusCommand({ KeyId }));
    const { Tags = [] } = await client.send(new ListResourceTagsCommand({ KeyId }));
    return {
      arn: found.Arn,
      keyId: found.KeyId,
      customerMasterKeySpec: found.KeySpec,
      description: found.Description,
      keyUsage: found.KeyUsage,
      enableKeyRotation: rotation.KeyRotationEnabled,
      rotationPeriodInDays: rotation.RotationPeriodInDays,
      policy: Policy,
      tagsAll: Object.fromEntries(Tags.flatMap(({ TagKey, TagValue }) => (TagKey ? [[TagKey, TagValue]] : []))),
      // Only the engine knows it until the key is deleted.
      deletionWindowInDays: prior.deletionWindowInDays,
    };
  },
  async update(context, KeyId, next, prior, changed) {
    const client = context.client(KMSClient);
    if (changed.has("description")) {
      await client.send(new UpdateKeyDescriptionCommand({ KeyId, Description: next.description ?? "" }));
    }
    if (changed.has("policy") && next.policy !== undefined) {
      await client.send(new PutKeyPolicyCommand({ KeyId, Policy: next.policy }));
    }
    if (changed.has("enableKeyRotation") || changed.has("rotationPeriodInDays")) {
      const { enableKeyRotation, rotationPeriodInDays: RotationPeriodInDays } = next;
      if (enableKeyRotation) await client.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays }));
      else await client.send(new DisableKeyRotationCommand({ KeyId }));
    }
    if (!changed.has("tagsAll")) return;
    const { set, unset } = tagChanges(next.tagsAll, prior.tagsAll);
    if (unset.length > 0) await client.send(new UntagResourceCommand({ KeyId, TagKeys: unset }));
    if (Object.keys(set).length > 0) await client.send(new TagResourceCommand({ KeyId, Tags: tagList(set) }));
  },
  async remove(context, KeyId, { deletionWindowInDays: PendingWindowInDays = 30 }) {
    // A key is never deleted at once (KMS API reference, ScheduleKeyDeletion).
    const call = context.client(KMSClient).send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays }));
    await unlessGone(call, GONE, "KMSInvalidStateException");
  },
});

export const alias = resource({
  token: "aws:kms/alias:Alias",
  inputs: { name: string({ required: true, replace: true }), targetKeyId: string({ required: true }) },
  outputs: ["arn", "targetKeyArn"],
  autoName: { property: "name", max: 256, shape: (name) => `alias/${name}` },
  async create(context, { name: AliasName, targetKeyId: TargetKeyId }) {
    await context.client(KMSClient).send(new CreateAliasCommand({ AliasName, TargetKeyId }));
    return AliasName;
  },
  async read(context, id, prior) {
    const client = context.client(KMSClient);
    for await (const page of paginateListAliases({ client }, {})) {
      const found = page.Aliases?.find(({ AliasName }) => AliasName === id);
      if (!found) continue;
      const described = await client.send(new DescribeKeyCommand({ KeyId: found.TargetKeyId }));
      const targetKeyArn = described.KeyMetadata?.Arn;
      // A program may name the key by its ARN, AWS answers with its id.
      const targetKeyId = prior.targetKeyId === targetKeyArn ? targetKeyArn : found.TargetKeyId;
      return { name: id, arn: found.AliasArn, targetKeyId, targetKeyArn };
    }
    return undefined;
  },
  async update(context, AliasName, { targetKeyId: TargetKeyId }) {
    await context.client(KMSClient).send(new UpdateAliasCommand({ AliasName, TargetKeyId }));
  },
  async remove(context, AliasName) {
    await unlessGone(context.client(KMSClient).send(new DeleteAliasCommand({ AliasName })), GONE);
  },
});
