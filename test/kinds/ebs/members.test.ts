import { expect } from "chai";
import type { Policy, Resource, Select } from "../../../core/model/model.js";
import { selects } from "../../../core/selection/select.js";
import { RULES } from "../../../kinds/rules.js";
import { instance, only, plan, policy, world } from "../../core/worlds.js";
import { ebs } from "../../support/ebs.js";

const ASG = { "aws:autoscaling:groupName": "web" };
const NODE = { "eks:cluster-name": "shop", "kubernetes.io/cluster/shop": "owned" };
const member = (tags: Record<string, string>, over: Partial<Resource> = {}): Resource =>
  instance("i-1", ["vol-1"], { tags: { Backup: "hourly", ...tags }, ...over });
const asg = member(ASG);
const node = member(NODE);
const managed = member({ ...ASG, ...NODE });
const spot = member({}, { detail: { spot: true } });
const takes = (of: Resource, over: Partial<Policy> = {}): boolean => selects(policy(over), of, RULES.ebs);

describe("members of groups", () => {
  it("a policy's tag alone selects none of an Auto Scaling group, of EKS or of Spot; nor does everything", () => {
    for (const one of [asg, node, managed, spot]) {
      expect(takes(one)).to.equal(false);
      expect(takes(one, { select: { everything: true } })).to.equal(false);
      expect(takes(one, ebs({ include: [] }))).to.equal(false);
    }
    expect(takes(member({ "eks:nodegroup-name": "x", "kubernetes.io/role": "y" }))).to.equal(true);
  });

  it("are selected by what the policy includes", () => {
    expect(takes(asg, ebs({ include: ["autoscaling"] }))).to.equal(true);
    expect(takes(asg, ebs({ include: ["eks", "spot"] }))).to.equal(false);
    expect(takes(node, ebs({ include: ["eks"] }))).to.equal(true);
    expect(takes(managed, ebs({ include: ["eks"] })), "nodes are in such groups anyway").to.equal(true);
    expect(takes(managed, ebs({ include: ["autoscaling"] }))).to.equal(false);
    expect(takes(spot, ebs({ include: ["spot"] }))).to.equal(true);
    expect(takes(member(ASG, { detail: { spot: true } }), ebs({ include: ["spot"] }))).to.equal(false);
    expect(takes(member(ASG, { detail: { spot: true } }), ebs({ include: ["spot", "autoscaling"] }))).to.equal(true);
  });

  const asked: readonly [string, Select, Resource, boolean][] = [
    ["the group's tag", { key: "aws:autoscaling:groupName", value: "web" }, asg, true],
    [
      "the group's tag of another",
      { any: [{ key: "aws:autoscaling:groupName", value: "db" }, { key: "Backup" }] },
      asg,
      false,
    ],
    ["the group's tag, like a pattern", { key: "aws:autoscaling:groupName", like: "w*" }, asg, true],
    ["a tag beside it", { all: [{ key: "Backup" }, { key: "eks:cluster-name" }] }, node, true],
    ["how the nodes' tags begin", { keyPrefix: "kubernetes.io/cluster/" }, managed, true],
    ["all that is of EKS", { keyPrefix: "eks:" }, node, true],
    ["one letter of it", { keyPrefix: "e" }, node, false],
    ["a pattern that takes any key", { keyLike: "*" }, node, false],
    ["what it is not", { not: { key: "eks:cluster-name", value: "other" } }, node, false],
    ["what it is, turned twice", { not: { not: { key: "eks:cluster-name" } } }, node, false],
    ["the group's tag, on Spot", { key: "aws:autoscaling:groupName" }, member(ASG, { detail: { spot: true } }), false],
  ];
  for (const [title, select, of, wanted] of asked) {
    it(`a select by ${title} ${wanted ? "means" : "does not mean"} them`, () =>
      expect(takes(of, { select })).to.equal(wanted));
  }

  it("volumes are theirs who tag them, whatever has them", () => {
    const volume: Resource = { ...node, kind: "volume", id: "vol-1" };
    expect(takes(volume, { kinds: ["volume"] })).to.equal(true);
  });

  it("a policy that leaves some out without a word of them says so once, and one that decided does not", () => {
    const resources = [asg, node, managed, spot, instance("i-9")].map((one, i) => ({ ...one, id: `i-${i}` }));
    const told = (over: Partial<Policy>) =>
      only(plan(world({ policies: [policy(over)], resources })), "alert").map(({ cause, reason }) => [cause, reason]);
    expect(told({})).to.deep.equal([
      [
        "members-left-out",
        "4 instance(s) that it would select are left out, by what they are members of: autoscaling 2, eks 2, spot 1",
      ],
    ]);
    expect(told(ebs({ include: [] }))).to.deep.equal([]);
    expect(told({ select: { key: "Other" } }).map(([cause]) => cause)).to.deep.equal(["nothing-selected"]);
  });

  it("those that ask by Backup=Yes are told of as members, not one by one", () => {
    const resources = [1, 2, 3].map((n) => ({ ...member({ ...ASG, Backup: "Yes" }), id: `i-${n}` }));
    const actions = plan(world({ policies: [policy({ select: { key: "Backup", value: "Yes" } })], resources }));
    expect(only(actions, "alert").map(({ cause }) => cause)).to.deep.equal(["members-left-out", "nothing-selected"]);
  });
});
