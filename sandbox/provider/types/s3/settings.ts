import {
  DeleteBucketEncryptionCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  type ObjectOwnership,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
  type ServerSideEncryption,
} from "@aws-sdk/client-s3";
import { type ResourceType, resource, type Spec, unlessGone } from "../../resource/resource.js";
import { boolean, object, oneOf, policy, type Shape, set, string, type Values } from "../../resource/schema.js";

const BUCKET = { bucket: string({ required: true, replace: true }) };
const NO_BUCKET = "NoSuchBucket";

type Settings<S extends Shape> = Values<S & typeof BUCKET>;

interface SettingSpec<S extends Shape> {
  readonly token: string;
  readonly inputs: S;
  /** Sets it, whatever it was. */
  put(client: S3Client, inputs: Settings<S>): Promise<unknown>;
  read: (client: S3Client, bucket: string) => Promise<{ readonly [K in keyof S]?: unknown } | undefined>;
  reset(client: S3Client, bucket: string, state: Settings<S>): Promise<unknown>;
}

/** A setting of a bucket: a resource whose id is the bucket's name. */
function setting<S extends Shape>(spec: SettingSpec<S>): ResourceType {
  const whole: Spec<S & typeof BUCKET, never> = {
    token: spec.token,
    inputs: { ...spec.inputs, ...BUCKET },
    outputs: [],
    async create(context, inputs) {
      await spec.put(context.client(S3Client), inputs);
      // The key is there in every shape S & typeof BUCKET; the compiler cannot see it through S.
      return (inputs as Values<typeof BUCKET>).bucket;
    },
    async read(context, id) {
      const seen = await unlessGone(spec.read(context.client(S3Client), id), NO_BUCKET);
      return seen && { ...seen, bucket: id };
    },
    async update(context, _id, next) {
      await spec.put(context.client(S3Client), next);
    },
    async remove(context, id, state) {
      await unlessGone(spec.reset(context.client(S3Client), id, state), NO_BUCKET);
    },
  };
  return resource(whole);
}

const versioning = setting({
  token: "aws:s3/bucketVersioning:BucketVersioning",
  inputs: {
    versioningConfiguration: object(
      {
        mfaDelete: string({ computed: true }),
        status: string({ required: true, check: oneOf("Enabled", "Suspended", "Disabled") }),
      },
      { required: true },
    ),
  },
  async put(client, { bucket: Bucket, versioningConfiguration: { status } }) {
    // "Disabled" says that it was never on, and there is no call for it.
    if (status === "Disabled") return;
    const Status = status === "Enabled" ? "Enabled" : "Suspended";
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
  },
  async read(client, Bucket) {
    const { Status: status, MFADelete: mfaDelete } = await client.send(new GetBucketVersioningCommand({ Bucket }));
    return { versioningConfiguration: { status: status ?? "Disabled", mfaDelete } };
  },
  async reset(client, Bucket, { versioningConfiguration: { status } }) {
    if (status !== "Enabled") return;
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } }));
  },
});

const publicAccessBlock = setting({
  token: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  inputs: {
    blockPublicAcls: boolean({ default: false }),
    blockPublicPolicy: boolean({ default: false }),
    ignorePublicAcls: boolean({ default: false }),
    restrictPublicBuckets: boolean({ default: false }),
  },
  put: (client, inputs) =>
    client.send(
      new PutPublicAccessBlockCommand({
        Bucket: inputs.bucket,
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: inputs.blockPublicAcls,
          BlockPublicPolicy: inputs.blockPublicPolicy,
          IgnorePublicAcls: inputs.ignorePublicAcls,
          RestrictPublicBuckets: inputs.restrictPublicBuckets,
        },
      }),
    ),
  async read(client, Bucket) {
    const call = client.send(new GetPublicAccessBlockCommand({ Bucket }));
    const seen = (await unlessGone(call, "NoSuchPublicAccessBlockConfiguration"))?.PublicAccessBlockConfiguration;
    return (
      seen && {
        blockPublicAcls: seen.BlockPublicAcls ?? false,
        blockPublicPolicy: seen.BlockPublicPolicy ?? false,
        ignorePublicAcls: seen.IgnorePublicAcls ?? false,
        restrictPublicBuckets: seen.RestrictPublicBuckets ?? false,
      }
    );
  },
  reset: (client, Bucket) => client.send(new DeletePublicAccessBlockCommand({ Bucket })),
});

const encryption = setting({
  token: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  inputs: {
    rules: set(
      object({
        applyServerSideEncryptionByDefault: object({
          kmsMasterKeyId: string(),
          sseAlgorithm: string({ required: true, check: oneOf("AES256", "aws:kms", "aws:kms:dsse") }),
        }),
        bucketKeyEnabled: boolean(),
      }),
      { required: true },
    ),
  },
  put: (client, { bucket: Bucket, rules }) => {
    const Rules = rules.map(({ applyServerSideEncryptionByDefault: given, bucketKeyEnabled }) => ({
      BucketKeyEnabled: bucketKeyEnabled,
      ApplyServerSideEncryptionByDefault: given && {
        // `check` let nothing else through.
        SSEAlgorithm: given.sseAlgorithm as ServerSideEncryption,
        KMSMasterKeyID: given.kmsMasterKeyId,
      },
    }));
    return client.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
  },
  async read(client, Bucket) {
    const call = client.send(new GetBucketEncryptionCommand({ Bucket }));
    const seen = await unlessGone(call, "ServerSideEncryptionConfigurationNotFoundError");
    const rules = seen?.ServerSideEncryptionConfiguration?.Rules?.map(
      ({ ApplyServerSideEncryptionByDefault: by, BucketKeyEnabled: bucketKeyEnabled }) => ({
        applyServerSideEncryptionByDefault: by && { sseAlgorithm: by.SSEAlgorithm, kmsMasterKeyId: by.KMSMasterKeyID },
        bucketKeyEnabled,
      }),
    );
    return rules && { rules };
  },
  reset: (client, Bucket) => client.send(new DeleteBucketEncryptionCommand({ Bucket })),
});

const ownershipControls = setting({
  token: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  inputs: {
    rule: object(
      {
        objectOwnership: string({
          required: true,
          check: oneOf("BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"),
        }),
      },
      { required: true },
    ),
  },
  put: (client, { bucket: Bucket, rule }) => {
    // `check` let nothing else through.
    const Rules = [{ ObjectOwnership: rule.objectOwnership as ObjectOwnership }];
    return client.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules } }));
  },
  async read(client, Bucket) {
    const call = client.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    const seen = await unlessGone(call, "OwnershipControlsNotFoundError");
    const [rule] = seen?.OwnershipControls?.Rules ?? [];
    return rule && { rule: { objectOwnership: rule.ObjectOwnership } };
  },
  reset: (client, Bucket) => client.send(new DeleteBucketOwnershipControlsCommand({ Bucket })),
});

const bucketPolicy = setting({
  token: "aws:s3/bucketPolicy:BucketPolicy",
  inputs: { policy: policy({ required: true }) },
  put: (client, { bucket: Bucket, policy: Policy }) => client.send(new PutBucketPolicyCommand({ Bucket, Policy })),
  async read(client, Bucket) {
    const seen = await unlessGone(client.send(new GetBucketPolicyCommand({ Bucket })), "NoSuchBucketPolicy");
    return seen && { policy: seen.Policy };
  },
  reset: (client, Bucket) => client.send(new DeleteBucketPolicyCommand({ Bucket })),
});

export { setting };
export const bucketSettings = [versioning, publicAccessBlock, encryption, ownershipControls, bucketPolicy];
