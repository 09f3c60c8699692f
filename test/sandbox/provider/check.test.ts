import { expect } from "chai";
import { parseConfig } from "../../../sandbox/provider/config.js";
import { check, DEFAULTS } from "../../../sandbox/provider/resource/check.js";
import { typeOf } from "../../../sandbox/provider/types/index.js";
import { type Props, UNKNOWN } from "../../../sandbox/provider/wire.js";

const config = parseConfig({ region: "eu-west-1", defaultTags: JSON.stringify({ tags: { team: "a", app: "b" } }) }, {});

function checked(token: string, news: Props, olds: Props = {}, seed = "seed") {
  const type = typeOf(token);
  return check({ type, name: "thing", news, olds, seed: Buffer.from(seed), autonaming: undefined, config });
}
const reasons = (token: string, news: Props) => checked(token, news).failures.map(({ reason }) => reason);

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";
const SCHEDULE = "aws:scheduler/schedule:Schedule";
const TABLE = "aws:dynamodb/table:Table";

describe("the check of a resource's inputs", () => {
  it("fills in name, region, defaults and all tags, and remembers what the program did not give", () => {
    const { inputs, failures } = checked(LOG_GROUP, { tags: { app: "c" } });
    expect(failures).to.deep.equal([]);
    expect(inputs["name"]).to.match(/^thing-[0-9a-f]{7}$/);
    expect(inputs).to.deep.include({ region: "eu-west-1", retentionInDays: 0, tagsAll: { team: "a", app: "c" } });
    expect(inputs[DEFAULTS]).to.include.members(["name", "region", "retentionInDays"]).and.not.include("tags");
  });

  it("lets an object go without the provider's tags, and refuses more than S3 takes", () => {
    const object = { bucket: "b", key: "k", content: "c" };
    const bare = { ...object, overrideProvider: { defaultTags: { tags: {} } } };
    const ten = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`key${i}`, "v"]));
    expect(checked(OBJECT, object).inputs["tagsAll"]).to.deep.equal({ team: "a", app: "b" });
    expect(checked(OBJECT, bare).inputs["tagsAll"]).to.deep.equal({});
    expect(checked(OBJECT, { ...bare, tags: ten }).failures).to.deep.equal([]);
    expect(reasons(OBJECT, { ...object, tags: ten })).to.deep.equal([
      "an object takes 10 tags; with the provider's there are 12",
    ]);
  });

  it("gives a new resource a name of its own and keeps it later", () => {
    const first = checked(LOG_GROUP, {}).inputs;
    expect(checked(LOG_GROUP, {}, {}, "other").inputs["name"]).not.to.equal(first["name"]);
    expect(checked(LOG_GROUP, {}, first, "other").inputs["name"]).to.equal(first["name"]);
    const named = checked(LOG_GROUP, { name: "given" }).inputs;
    expect(checked(LOG_GROUP, {}, named).inputs["name"]).not.to.equal("given");
  });

  it("shapes names as the service wants them", () => {
    expect(checked("aws:sqs/queue:Queue", { fifoQueue: true }).inputs["name"]).to.match(/^thing-[0-9a-f]{7}\.fifo$/);
    const bucket = typeOf("aws:s3/bucket:Bucket");
    const upper = {
      type: bucket,
      name: "Big",
      news: {},
      olds: {},
      seed: Buffer.from("s"),
      autonaming: undefined,
      config,
    };
    expect(check(upper).inputs["bucket"]).to.match(/^big-[0-9a-f]{7}$/);
    expect(check({ ...upper, name: "b".repeat(60) }).failures[0]?.reason).to.contain("longer than 63 characters");
  });

  it("follows the project's autonaming", () => {
    const request = { type: typeOf(LOG_GROUP), name: "thing", news: {}, olds: {}, seed: Buffer.from("s"), config };
    const enforced = check({ ...request, autonaming: { mode: "enforce", name: "just-this" } });
    expect(enforced.inputs["name"]).to.equal("just-this");
    const disabled = check({ ...request, autonaming: { mode: "disable", name: "" } });
    expect(disabled.failures[0]?.reason).to.contain("a name is required");
  });

  it("names every property it does not know, also inside others", () => {
    const target = { arn: "a", roleArn: "r", ecsParameters: {} };
    const news = { flexibleTimeWindow: { mode: "OFF" }, scheduleExpression: "rate(1 minute)", target, namePrefix: "x" };
    expect(reasons(SCHEDULE, news)).to.deep.equal([
      `${SCHEDULE}: the sandbox does not know the property "namePrefix"`,
      `${SCHEDULE}: the sandbox does not know the property "target.ecsParameters"`,
    ]);
  });

  it("names what is missing or of the wrong kind", () => {
    expect(reasons(SCHEDULE, { flexibleTimeWindow: { mode: "MAYBE" }, target: "x" })).to.deep.equal([
      `${SCHEDULE}: "flexibleTimeWindow.mode": expected one of OFF, FLEXIBLE, got "MAYBE"`,
      `${SCHEDULE}: "scheduleExpression" is required`,
      `${SCHEDULE}: "target": expected an object, got "x"`,
    ]);
    expect(reasons(LOG_GROUP, { retentionInDays: "7" })[0]).to.contain("expected a number");
    const attributes = [
      { name: "pk", type: "S" },
      { name: "other", type: "S" },
    ];
    expect(reasons(TABLE, { hashKey: "pk", attributes })).to.deep.equal([
      "all attributes must be indexed; unused: other",
    ]);
  });

  it("lets through what is not known yet", () => {
    const { inputs, failures } = checked(TABLE, {
      hashKey: UNKNOWN,
      attributes: [{ name: UNKNOWN, type: "S" }],
      tags: { owner: UNKNOWN },
    });
    expect(failures).to.deep.equal([]);
    expect(inputs["tagsAll"]).to.equal(UNKNOWN);
  });

  it("turns a policy given as an object to text", () => {
    const { inputs } = checked("aws:iam/rolePolicy:RolePolicy", { role: "r", policy: { Version: "v", Statement: [] } });
    expect(inputs["policy"]).to.equal('{"Statement":[],"Version":"v"}');
    expect(inputs).not.to.have.property("region");
    const unknown = { role: "r", policy: { Statement: [{ Resource: UNKNOWN }] } };
    expect(checked("aws:iam/rolePolicy:RolePolicy", unknown).inputs["policy"]).to.equal(UNKNOWN);
  });

  it("names a resource type it does not know", () => {
    expect(() => typeOf("aws:rds/instance:Instance")).to.throw("the resource type aws:rds/instance:Instance");
  });
});

describe("the arguments of a provider", () => {
  it("refuses what it would have to ignore", () => {
    expect(() => parseConfig({ region: "r", assumeRoles: "[]" }, {})).to.throw('the argument "assumeRoles"');
    expect(() => parseConfig({ region: "r", defaultTags: '{"foo":1}' }, {})).to.throw('"defaultTags.foo"');
  });

  it("takes the region of the environment where none is given, and wants one", () => {
    expect(parseConfig({ skipCredentialsValidation: "true" }, { AWS_REGION: "eu-north-1" }).region).to.equal(
      "eu-north-1",
    );
    expect(() => parseConfig({}, {})).to.throw("no region");
  });
});
