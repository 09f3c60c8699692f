import { expect } from "chai";
import { Ledger } from "../../components/storage/ledger.js";
import { protectedChildren } from "../support/protected.js";
import { ofType, recordProgram } from "../support/pulumi-mocks.js";
import { options, site } from "../support/site.js";

describe("Ledger", () => {
  it("keeps the data and what guards it from being destroyed, unless told otherwise", async () => {
    const found: string[][] = [];
    await recordProgram(() => found.push(protectedChildren(new Ledger("ledger", { site: site(true) }, options()))));
    await recordProgram(() => found.push(protectedChildren(new Ledger("ledger", { site: site(false) }, options()))));
    expect(found).to.deep.equal([
      [
        "Table",
        "Bucket",
        "BucketPublicAccessBlock",
        "BucketServerSideEncryptionConfiguration",
        "BucketPolicy",
        "BucketVersioning",
      ],
      [],
    ]);
  });

  it("keeps every version, hides all from the public, and drops runs and old versions after 90 days", async () => {
    const made = await recordProgram(() => new Ledger("ledger", { site: site() }, options()));
    const [versioning] = ofType(made, "aws:s3/bucketVersioning:BucketVersioning");
    expect(versioning?.inputs["versioningConfiguration"]).to.deep.equal({ status: "Enabled" });
    const [access] = ofType(made, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
    expect(access?.inputs).to.include({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const [lifecycle] = ofType(made, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration");
    expect(lifecycle?.inputs["rules"]).to.deep.equal([
      {
        id: "runs",
        status: "Enabled",
        filter: { prefix: "runs/" },
        expiration: { days: 90 },
      },
      {
        id: "versions",
        status: "Enabled",
        filter: { prefix: "" },
        noncurrentVersionExpiration: { noncurrentDays: 90 },
      },
    ]);
  });

  it("puts none of the stack's tags on the settings, since an object takes ten only", async () => {
    const made = await recordProgram(() => new Ledger("ledger", { site: site() }, options()));
    const [settings] = ofType(made, "aws:s3/bucketObjectv2:BucketObjectv2");
    expect(settings?.inputs["overrideProvider"]).to.deep.equal({ defaultTags: { tags: {} } });
  });

  it("has a table that can be restored to any moment and cleans up after itself", async () => {
    const made = await recordProgram(() => new Ledger("ledger", { site: site() }, options()));
    const [table] = ofType(made, "aws:dynamodb/table:Table");
    expect(table?.inputs).to.include({ hashKey: "pk", rangeKey: "sk", billingMode: "PAY_PER_REQUEST" });
    expect(table?.inputs["ttl"]).to.deep.equal({ attributeName: "expiresAt", enabled: true });
    expect(table?.inputs["pointInTimeRecovery"]).to.deep.equal({ enabled: true });
  });
});
