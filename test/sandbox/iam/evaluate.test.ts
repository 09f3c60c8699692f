import { expect } from "chai";
import fc from "fast-check";
import { Context, UnknownInPolicy } from "../../../sandbox/iam/context.js";
import { parsePolicy } from "../../../sandbox/iam/document.js";
import { type Access, delegates, evaluate, evaluateResource } from "../../../sandbox/iam/evaluate.js";
import { holds } from "../../../sandbox/iam/operators.js";
import { fits, matches } from "../../../sandbox/iam/pattern.js";

const SNAPSHOT = "arn:aws:ec2:us-east-1::snapshot/snap-1";
const CALLER = {
  roleArn: "arn:aws:iam::111122223333:role/prune",
  sessionArn: "arn:aws:sts::111122223333:assumed-role/prune/fn",
  account: "111122223333",
};

const access = (action: string, resource: string, keys: Record<string, string | string[]> = {}): Access => ({
  action,
  resource,
  context: new Context(keys),
});
const policy = (...statements: readonly object[]) => parsePolicy("p", { Version: "2012-10-17", Statement: statements });

/** A variable of a policy. */
const v = (name: string): string => `\${${name}}`;

describe("patterns of IAM", () => {
  it("take * for any text and ? for one character, and nothing else for special", () => {
    expect(matches("arn:aws:s3:::b/*", "arn:aws:s3:::b/a/b.txt")).to.equal(true);
    expect(matches("snap-?", "snap-1")).to.equal(true);
    expect(matches("snap-?", "snap-12")).to.equal(false);
    expect(matches("a.c", "abc")).to.equal(false);
    expect(matches("*", "line\nbreak")).to.equal(true);
  });

  it("fit exactly the text they are when they have no wildcards", () => {
    const plain = fc.string().filter((text) => !/[*?$]/.test(text));
    fc.assert(fc.property(plain, plain, (a, b) => matches(a, b) === (a === b)));
  });

  it("replace variables by values in which nothing is a wildcard", () => {
    const context = new Context({ "aws:PrincipalAccount": "1*1", "aws:TagKeys": ["a", "b"] });
    expect(fits(`x/${v("aws:PrincipalAccount")}/*`, "x/1*1/y", context)).to.equal(true);
    expect(fits(`x/${v("aws:PrincipalAccount")}/*`, "x/121/y", context)).to.equal(false);
    expect(fits(`x/${v("aws:SourceIp")}`, "x/", context), "no value").to.equal(false);
    expect(fits(`x/${v("aws:TagKeys")}`, "x/a", context), "several values").to.equal(false);
    expect(fits(`x/${v("aws:SourceIp, 'none'")}`, "x/none", context)).to.equal(true);
    expect(fits(`a${v("*")}b`, "a*b", context)).to.equal(true);
    expect(fits(`a${v("*")}b`, "axb", context)).to.equal(false);
  });
});

describe("condition operators", () => {
  const cases: [string, string | string[], string | string[] | undefined, boolean][] = [
    ["StringEquals", ["a", "b"], "b", true],
    ["StringEquals", "a", "A", false],
    ["StringEquals", "a*", "ab", false],
    ["StringEquals", "a", undefined, false],
    ["StringEqualsIfExists", "a", undefined, true],
    ["StringEqualsIfExists", "a", "b", false],
    ["StringNotEquals", ["a", "b"], "b", false],
    ["StringNotEquals", "a", undefined, true],
    ["StringEqualsIgnoreCase", "Ab", "aB", true],
    ["StringLike", "ec2.*", "ec2.us-east-1.amazonaws.com", true],
    ["StringNotLike", "ec2.*", "rds.x", true],
    ["Bool", "TRUE", "true", true],
    ["Bool", "true", undefined, false],
    ["Null", "true", undefined, true],
    ["Null", "false", undefined, false],
    ["Null", "false", "a", true],
    ["NumericLessThan", "10", "9", true],
    ["NumericGreaterThanEquals", "10", "9", false],
    ["DateLessThan", "2027-01-01T00:00:00Z", "2026-12-31T23:59:59Z", true],
    ["DateGreaterThan", "1000", "1970-01-01T00:20:00Z", true],
    ["IpAddress", "10.0.0.0/8", "10.1.2.3", true],
    ["NotIpAddress", "10.0.0.0/8", "10.1.2.3", false],
    ["ArnLike", "arn:aws:events:*:1:rule/a-*", "arn:aws:events:us-east-1:1:rule/a-b/c", true],
    ["ArnEquals", "arn:aws:events:us-*:1:rule/a", "arn:aws:events:us-east-1:1:rule/a", true],
    // Each part for itself: the wildcard does not reach over the colon.
    ["ArnLike", "arn:aws:s3:*", "arn:aws:sns:us-east-1:1:t", false],
    ["ArnLike", "arn:*:rule/a", "arn:aws:events:us-east-1:1:rule/a", false],
    ["ForAllValues:StringEquals", ["a", "b"], ["a", "b"], true],
    ["ForAllValues:StringEquals", ["a", "b"], ["a", "c"], false],
    ["ForAllValues:StringEquals", "a", undefined, true],
    ["ForAnyValue:StringEquals", "a", ["c", "a"], true],
    ["ForAnyValue:StringEquals", "a", undefined, false],
    ["ForAnyValue:StringNotEquals", "a", undefined, false],
    ["ForAnyValue:StringNotEquals", "a", ["a", "b"], true],
    ["ForAllValues:StringNotEquals", ["a", "b"], ["c", "a"], false],
  ];
  for (const [operator, wanted, actual, expected] of cases) {
    it(`${operator} ${wanted} of ${actual ?? "nothing"}: ${expected}`, () => {
      const context = new Context({ "aws:SourceArn": actual });
      const values = typeof wanted === "string" ? [wanted] : wanted;
      expect(holds(operator, "aws:sourcearn", values, context)).to.equal(expected);
    });
  }

  it("deny what the ones without Not say, whatever value there is", () => {
    const pair = fc.constantFrom(["StringEquals", "StringNotEquals"], ["StringLike", "StringNotLike"]);
    fc.assert(
      fc.property(
        pair,
        fc.string(),
        fc.array(fc.string(), { minLength: 1 }),
        ([plain = "", not = ""], value, values) => {
          const context = new Context({ "aws:SourceArn": value });
          const key = "aws:SourceArn";
          return (
            holds(plain, key, values, context) !== holds(not, key, values, context) || values.join("").includes("$")
          );
        },
      ),
    );
  });

  it("that are not known are named, and so are keys: never passed over", () => {
    const strange = {
      Effect: "Allow",
      Action: "*",
      Resource: "*",
      Condition: { BinaryEquals: { "aws:SourceArn": "x" } },
    };
    expect(() => policy(strange)).to.throw(UnknownInPolicy, /BinaryEquals/);
    const condition = { StringEquals: { "ec2:Tenancy": "dedicated" } };
    const statements = policy({ Effect: "Allow", Action: "ec2:*", Resource: "*", Condition: condition });
    expect(() => evaluate([statements], access("ec2:RunInstances", "*"))).to.throw(UnknownInPolicy, /ec2:Tenancy/);
    expect(() => policy({ Effect: "Allow", Action: "*", Resource: "*", Conditions: {} })).to.throw(/Conditions/);
  });
});

describe("policies of a role", () => {
  const ours = { StringEquals: { "aws:ResourceTag/lockstep:deployment": "acme" } };
  const deleteOurs = {
    Sid: "DeleteOurs",
    Effect: "Allow",
    Action: ["ec2:DeleteSnapshot"],
    Resource: ["arn:aws:ec2:us-east-1::snapshot/*"],
    Condition: ours,
  };

  it("allow what one statement allows whole: action, resource and condition", () => {
    const tagged = { "aws:ResourceTag/lockstep:deployment": "acme" };
    const of = (a: Access) => evaluate([policy(deleteOurs)], a);
    expect(of(access("ec2:DeleteSnapshot", SNAPSHOT, tagged))).to.deep.equal({
      effect: "allow",
      policy: "p",
      sid: "DeleteOurs",
    });
    expect(of(access("EC2:deletesnapshot", SNAPSHOT, tagged)).effect).to.equal("allow");
    expect(of(access("ec2:DeleteSnapshot", SNAPSHOT)).effect).to.equal("none");
    expect(of(access("ec2:CreateTags", SNAPSHOT, tagged)).effect).to.equal("none");
    expect(of(access("ec2:DeleteSnapshot", SNAPSHOT.replace("east", "west"), tagged)).effect).to.equal("none");
  });

  it("deny before they allow, wherever the statement stands", () => {
    const all = { Effect: "Allow", Action: "*", Resource: "*" };
    const deny = { Sid: "Never", Effect: "Deny", NotAction: "s3:*", NotResource: "arn:aws:ec2:*::snapshot/snap-2" };
    const of = (a: Access) => evaluate([policy(all), policy(deny)], a);
    expect(of(access("ec2:DeleteSnapshot", SNAPSHOT))).to.deep.include({ effect: "deny", sid: "Never" });
    expect(of(access("s3:GetObject", SNAPSHOT))).to.deep.include({ effect: "allow", sid: "#1" });
    expect(of(access("ec2:DeleteSnapshot", "arn:aws:ec2:us-east-1::snapshot/snap-2")).effect).to.equal("allow");
  });
});

describe("policies of a resource", () => {
  const key = "arn:aws:kms:us-east-1:111122223333:key/1";
  const statement = (Principal: unknown, Effect = "Allow") =>
    policy({ Effect, Principal, Action: "kms:*", Resource: "*" });
  const decrypt = access("kms:Decrypt", key);

  it("allow those they name, and leave the account's own policies to allow the others", () => {
    const cases: [unknown, string, boolean][] = [
      [{ AWS: CALLER.roleArn }, "allow", true],
      [{ AWS: [CALLER.sessionArn] }, "allow", true],
      ["*", "allow", true],
      [{ AWS: "arn:aws:iam::111122223333:root" }, "none", true],
      [{ AWS: "111122223333" }, "none", true],
      [{ AWS: "arn:aws:iam::444455556666:root" }, "none", false],
      [{ Service: "events.amazonaws.com" }, "none", false],
    ];
    for (const [principal, effect, left] of cases) {
      const of = statement(principal);
      expect(evaluateResource(of, decrypt, CALLER).effect, JSON.stringify(principal)).to.equal(effect);
      expect(delegates(of, decrypt, CALLER), JSON.stringify(principal)).to.equal(left);
    }
  });

  it("deny those they name, and with NotPrincipal all others", () => {
    expect(evaluateResource(statement("*", "Deny"), decrypt, CALLER).effect).to.equal("deny");
    const not = (NotPrincipal: unknown) => policy({ Effect: "Deny", NotPrincipal, Action: "*", Resource: "*" });
    expect(evaluateResource(not({ AWS: CALLER.roleArn }), decrypt, CALLER).effect).to.equal("none");
    expect(evaluateResource(not({ AWS: "arn:aws:iam::1:role/x" }), decrypt, CALLER).effect).to.equal("deny");
  });
});
