import { expect } from "chai";
import { diff } from "../../../sandbox/provider/resource/diff.js";
import { typeOf } from "../../../sandbox/provider/types/index.js";
import { type Props, UNKNOWN } from "../../../sandbox/provider/wire.js";

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const ROLE = "aws:iam/role:Role";
const TABLE = "aws:dynamodb/table:Table";
const INSTANCE = "aws:ec2/instance:Instance";
const FUNCTION = "aws:lambda/function:Function";

/** The changes as text: path, kind, and `!` where it means a replacement. */
const changes = (token: string, state: Props, news: Props, ignored: readonly string[] = []) =>
  diff(typeOf(token), state, news, ignored).map(({ path, kind, replace }) => `${path} ${kind}${replace ? "!" : ""}`);

const statement = (action: unknown) => JSON.stringify({ Version: "1", Statement: { Action: action } });

describe("the diff of a resource", () => {
  it("sees no change in what means the same", () => {
    const state = { assumeRolePolicy: statement(["a"]), description: "", tags: {} };
    expect(
      changes(ROLE, state, { assumeRolePolicy: '{ "Statement": [{"Action": "a"}], "Version": "1" }' }),
    ).to.deep.equal([]);
    const attributes = [
      { name: "a", type: "S" },
      { name: "b", type: "S" },
    ];
    expect(changes(TABLE, { attributes }, { attributes: attributes.toReversed() })).to.deep.equal([]);
    expect(changes(FUNCTION, { environment: { variables: {} } }, {})).to.deep.equal([]);
  });

  it("does not take different documents for the same", () => {
    expect(changes(ROLE, { assumeRolePolicy: statement("a") }, { assumeRolePolicy: statement("b") })).to.have.length(1);
    const target = "aws:cloudwatch/eventTarget:EventTarget";
    expect(changes(target, { input: "[1]" }, { input: "1" })).to.deep.equal(["input update"]);
    const variables = (value: string) => ({ environment: { variables: { A: value } } });
    expect(changes(FUNCTION, variables(""), { environment: { variables: {} } })).to.deep.equal([
      "environment.variables delete",
    ]);
    expect(changes(FUNCTION, variables("x"), variables(""))).to.deep.equal(["environment.variables.A update"]);
  });

  it("keeps what AWS filled in, and takes away what only the program gave", () => {
    expect(changes(LOG_GROUP, { logGroupClass: "STANDARD" }, {})).to.deep.equal([]);
    expect(changes(ROLE, { description: "x" }, {})).to.deep.equal(["description delete"]);
    expect(changes(LOG_GROUP, { retentionInDays: 7 }, { retentionInDays: 0 })).to.deep.equal([
      "retentionInDays update",
    ]);
  });

  it("says what makes a new resource, also inside a block", () => {
    expect(changes(LOG_GROUP, { name: "a" }, { name: "b" })).to.deep.equal(["name update!"]);
    expect(changes(LOG_GROUP, { region: "a" }, { region: "b" })).to.deep.equal(["region update!"]);
    const disk = { deviceName: "/dev/sdf", volumeSize: 1, volumeType: "gp3", volumeId: "vol-1", iops: 3000 };
    const other = { ...disk, deviceName: "/dev/sdg", volumeId: "vol-2" };
    const wanted = (volumeSize: number) => ({ deviceName: "/dev/sdf", volumeSize, volumeType: "gp3" });
    const both = { ebsBlockDevices: [other, disk] };
    expect(changes(INSTANCE, { ebsBlockDevices: [disk] }, { ebsBlockDevices: [wanted(1)] })).to.deep.equal([]);
    expect(changes(INSTANCE, both, { ebsBlockDevices: [wanted(2), { deviceName: "/dev/sdg" }] })).to.deep.equal([
      "ebsBlockDevices[0].volumeSize update!",
    ]);
    expect(
      changes(
        INSTANCE,
        { rootBlockDevice: { volumeSize: 8, encrypted: false } },
        {
          rootBlockDevice: { volumeSize: 9, encrypted: true },
        },
      ),
    ).to.deep.equal(["rootBlockDevice.encrypted update!", "rootBlockDevice.volumeSize update"]);
  });

  it("takes what is not known for a change, which may mean a replacement", () => {
    expect(
      changes(LOG_GROUP, { name: "a", retentionInDays: 1 }, { name: UNKNOWN, retentionInDays: UNKNOWN }),
    ).to.deep.equal(["name update!", "retentionInDays update"]);
    const tags = { a: "1", b: "2" };
    expect(changes(LOG_GROUP, { tags }, { tags: { a: "1", b: UNKNOWN } })).to.deep.equal(["tags.b update"]);
  });

  it("leaves out what the program ignores", () => {
    const state = { retentionInDays: 1, tags: { a: "1", b: "1" } };
    const news = { retentionInDays: 2, tags: { a: "2", b: "2" } };
    expect(changes(LOG_GROUP, state, news, ["retentionInDays", "tags.a"])).to.deep.equal(["tags.b update"]);
  });
});
