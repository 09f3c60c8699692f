import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { SETTINGS_KEY } from "../../core/names/names.js";
import { denyPlainHttp } from "../iam/resource-policies.js";
import { namesOf, type Site } from "../site.js";

/** How long the objects of a run are kept; the points themselves do not depend on them. */
const RUN_DAYS = 90;

export interface LedgerArgs {
  readonly site: Site;
}

/** What a stack remembers: a table (lease, marks, claims, runs, alerts) and a bucket (settings, large sets, evidence). */
export class Ledger extends pulumi.ComponentResource {
  readonly tableName: pulumi.Output<string>;
  readonly tableArn: pulumi.Output<string>;
  /** Who has the name finds the settings in the bucket. */
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;

  constructor(name: string, args: LedgerArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:ledger:Ledger", name, {}, opts);
    const table = this.#table(name, args.site);
    const bucket = this.#bucket(name, args.site);
    const settings = new aws.s3.BucketObjectv2(
      `${name}-settings`,
      {
        bucket: bucket.bucket,
        key: SETTINGS_KEY,
        content: JSON.stringify(args.site.stored, null, 2),
        contentType: "application/json",
        // An object takes 10 tags, a stack has room for more; nothing here is found or billed by an object's tags.
        overrideProvider: { defaultTags: { tags: {} } },
      },
      { parent: this },
    );
    this.tableName = table.name;
    this.tableArn = table.arn;
    this.bucketName = settings.bucket;
    this.bucketArn = bucket.arn;
    const { tableName, tableArn, bucketName, bucketArn } = this;
    this.registerOutputs({ tableName, tableArn, bucketName, bucketArn });
  }

  #table(name: string, site: Site): aws.dynamodb.Table {
    return new aws.dynamodb.Table(
      `${name}-table`,
      {
        name: namesOf(site).table,
        billingMode: "PAY_PER_REQUEST",
        hashKey: "pk",
        rangeKey: "sk",
        attributes: [
          { name: "pk", type: "S" },
          { name: "sk", type: "S" },
        ],
        // House-keeping only: AWS removes expired items hours or days late, so that no lock may rely on it.
        ttl: { attributeName: "expiresAt", enabled: true },
        pointInTimeRecovery: { enabled: true },
        deletionProtectionEnabled: site.protect,
      },
      { parent: this, protect: site.protect },
    );
  }

  #bucket(name: string, site: Site): aws.s3.Bucket {
    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      {
        bucket: site.account.apply((account) => namesOf(site).bucket(account, site.settings.region)),
        // Only an environment that is not protected may be destroyed together with its history.
        forceDestroy: !site.protect,
      },
      { parent: this, protect: site.protect },
    );
    const of = { bucket: bucket.bucket };
    // What keeps the data safe goes no sooner than the data.
    const own = { parent: this, protect: site.protect };
    new aws.s3.BucketPublicAccessBlock(
      `${name}-access`,
      { ...of, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      own,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      { ...of, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      own,
    );
    const objects = pulumi.interpolate`${bucket.arn}/*`;
    const policy = pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [denyPlainHttp(["s3:*"], [bucket.arn, objects])],
    });
    new aws.s3.BucketPolicy(`${name}-policy`, { ...of, policy }, own);
    const versioning = new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { ...of, versioningConfiguration: { status: "Enabled" } },
      own,
    );
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        ...of,
        rules: [
          {
            id: "runs",
            status: "Enabled",
            filter: { prefix: "runs/" },
            expiration: { days: RUN_DAYS },
          },
          // Of all objects: maps of points and settings stay, what they were before does not.
          {
            id: "versions",
            status: "Enabled",
            filter: { prefix: "" },
            noncurrentVersionExpiration: { noncurrentDays: RUN_DAYS },
          },
        ],
      },
      { parent: this, dependsOn: [versioning] },
    );
    return bucket;
  }
}
