import type { Action, Call, Commit } from "../call.js";
import { freshId } from "../state/ids.js";
import type { Change } from "../state/journal.js";
import { readTagSpecifications } from "../tags.js";
import { Ec2Error, invalidCombination, missingParameter } from "../wire/errors.js";
import type { FilterTable } from "../wire/filters.js";
import type { Params } from "../wire/protocol.js";
import { leaf, list } from "../wire/xml.js";
import { describe, findOne } from "./common.js";
import { readGroup, rulesOf } from "./groups.js";
import type { RuleContent, SecurityGroup, SecurityGroupRule } from "./model.js";
import { inWords, readCidr4, readCidr6, readPeer, readRules, readTraffic, sameContent } from "./rule-input.js";
import { ruleXml } from "./rule-xml.js";

/** API_AuthorizeSecurityGroupIngress and …Egress: all rules or none; one that is there already is refused. */
const authorize =
  (egress: boolean): Action =>
  (call, params) => {
    const group = readGroup(call, params);
    const requests = readRules(call, params, group, egress);
    if (requests.length === 0) throw missingParameter("ipPermissions");
    const tags = readTagSpecifications(params, ["security-group-rule"])["security-group-rule"];
    const seen: RuleContent[] = rulesOf(call, group.id);
    for (const { content } of requests) {
      if (seen.some((one) => sameContent(one, content))) {
        const message = `the specified rule "${inWords(content)}" already exists`;
        throw new Ec2Error("InvalidPermission.Duplicate", message);
      }
      seen.push(content);
    }
    return () => {
      const made = requests.map(
        ({ content, description }): SecurityGroupRule => ({
          kind: "security-group-rule",
          id: freshId("sgr"),
          seq: call.store.nextSeq(),
          region: call.region,
          tags,
          of: group.id,
          ...content,
          ...(description === undefined ? {} : { description }),
        }),
      );
      call.store.commit(made.map((put) => ({ put })));
      return (
        leaf("return", true) +
        list(
          "securityGroupRuleSet",
          made.map((rule) => ruleXml(call, rule)),
        )
      );
    };
  };

export const authorizeIngress = authorize(false);
export const authorizeEgress = authorize(true);

const revokedXml = (rule: SecurityGroupRule): string =>
  leaf("securityGroupRuleId", rule.id) +
  leaf("groupId", rule.of) +
  leaf("isEgress", rule.egress) +
  leaf("ipProtocol", rule.protocol) +
  leaf("fromPort", rule.from) +
  leaf("toPort", rule.to) +
  leaf("cidrIpv4", rule.cidr) +
  leaf("cidrIpv6", rule.cidr6) +
  leaf("referencedGroupId", rule.group) +
  leaf("description", rule.description);

/** API_RevokeSecurityGroupIngress and …Egress: by rule ids or by content; what is not there is InvalidPermission.NotFound. */
const revoke =
  (egress: boolean): Action =>
  (call, params) => {
    const group = readGroup(call, params);
    const ids = params.strings("SecurityGroupRuleId");
    const requests = readRules(call, params, group, egress);
    if (ids.length > 0 && requests.length > 0) {
      throw invalidCombination("SecurityGroupRuleIds cannot be used with IpPermissions");
    }
    if (ids.length === 0 && requests.length === 0) throw missingParameter("ipPermissions");
    const own = rulesOf(call, group.id).filter((rule) => rule.egress === egress);
    const named = ids.map((id) => {
      const rule = findOne(call, "security-group-rule", id, "securityGroupRuleId");
      if (!own.includes(rule)) throw gone(group);
      return rule;
    });
    const meant = requests.map(({ content }) => {
      const rule = own.find((one) => sameContent(one, content));
      if (!rule) throw gone(group);
      return rule;
    });
    return () => {
      const rules = [...named, ...meant];
      call.store.commit(rules.map(({ id }): Change => ({ drop: id })));
      return leaf("return", true) + list("revokedSecurityGroupRuleSet", rules.map(revokedXml));
    };
  };

const gone = (group: SecurityGroup) =>
  new Ec2Error("InvalidPermission.NotFound", `The specified rule does not exist in this security group (${group.id}).`);

export const revokeIngress = revoke(false);
export const revokeEgress = revoke(true);

function readChange(call: Call, group: SecurityGroup, update: Params): SecurityGroupRule {
  const id = update.required("SecurityGroupRuleId");
  const {
    cidr: _cidr,
    cidr6: _cidr6,
    group: _group,
    description: _text,
    ...rest
  } = findOne(call, "security-group-rule", id, "securityGroupRuleId");
  if (rest.of !== group.id) throw gone(group);
  const rule = update.structure("SecurityGroupRule");
  const [cidr, cidr6, peer] = [
    rule.optional("CidrIpv4"),
    rule.optional("CidrIpv6"),
    rule.optional("ReferencedGroupId"),
  ];
  if ([cidr, cidr6, peer].filter((one) => one !== undefined).length !== 1) {
    throw invalidCombination("A rule needs exactly one of CidrIpv4, CidrIpv6 and ReferencedGroupId");
  }
  const description = rule.optional("Description");
  return {
    ...rest,
    ...readTraffic(rule),
    ...(cidr === undefined ? {} : { cidr: readCidr4(cidr) }),
    ...(cidr6 === undefined ? {} : { cidr6: readCidr6(cidr6) }),
    ...(peer === undefined ? {} : { group: readPeer(call, peer, group) }),
    ...(description === undefined ? {} : { description }),
  };
}

/** API_ModifySecurityGroupRules: what a rule says is replaced as a whole. */
export function modifySecurityGroupRules(call: Call, params: Params): Commit {
  const group = findOne(call, "security-group", params.required("GroupId"), "groupId");
  const changed = params.structures("SecurityGroupRule").map((update) => readChange(call, group, update));
  if (changed.length === 0) throw missingParameter("SecurityGroupRule");
  const others = rulesOf(call, group.id).filter((rule) => changed.every(({ id }) => id !== rule.id));
  const twin = changed.find((rule) => others.some((one) => sameContent(one, rule)));
  if (twin) throw new Ec2Error("InvalidPermission.Duplicate", `the specified rule "${inWords(twin)}" already exists`);
  return () => {
    call.store.commit(changed.map((put) => ({ put })));
    return leaf("return", true);
  };
}

const filters: FilterTable<SecurityGroupRule> = {
  "group-id": (row) => row.of,
  "security-group-rule-id": (row) => row.id,
};

/** API_DescribeSecurityGroupRules. */
export const describeSecurityGroupRules = (call: Call, params: Params): Commit =>
  describe(call, params, {
    kind: "security-group-rule",
    ids: "SecurityGroupRuleId",
    set: "securityGroupRuleSet",
    filters,
    xml: (row) => ruleXml(call, row),
  });
