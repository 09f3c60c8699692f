import type { Call } from "../call.js";
import { tagSet } from "../tags.js";
import { branch, leaf, list } from "../wire/xml.js";
import { arnOf } from "./common.js";
import type { RuleContent, SecurityGroupRule } from "./model.js";

/** A rule for everything has no ports in the older form of rules. */
const ports = ({ protocol, from, to }: RuleContent): string =>
  protocol === "-1" ? "" : leaf("fromPort", from) + leaf("toPort", to);

/** `IpPermission`: the rules of a group with the same protocol and ports, all their peers together. */
export function permissionsXml(name: string, call: Call, rules: readonly SecurityGroupRule[]): string {
  const byTraffic = Map.groupBy(rules, ({ protocol, from, to }) => `${protocol} ${from} ${to}`);
  const items = [...byTraffic.values()].map((same) => {
    const [first] = same;
    const item = (rule: SecurityGroupRule, content: string): string => content + leaf("description", rule.description);
    return (
      leaf("ipProtocol", first?.protocol) +
      (first ? ports(first) : "") +
      list(
        "groups",
        same.flatMap((rule) =>
          rule.group === undefined
            ? []
            : [item(rule, leaf("userId", call.context.account) + leaf("groupId", rule.group))],
        ),
      ) +
      list(
        "ipRanges",
        same.flatMap((rule) => (rule.cidr === undefined ? [] : [item(rule, leaf("cidrIp", rule.cidr))])),
      ) +
      list(
        "ipv6Ranges",
        same.flatMap((rule) => (rule.cidr6 === undefined ? [] : [item(rule, leaf("cidrIpv6", rule.cidr6))])),
      ) +
      list("prefixListIds", [])
    );
  });
  return list(name, items);
}

/** `SecurityGroupRule`: with ports -1 where it is for everything. */
export const ruleXml = (call: Call, rule: SecurityGroupRule): string =>
  leaf("securityGroupRuleId", rule.id) +
  leaf("securityGroupRuleArn", arnOf(call, "security-group-rule", rule.id)) +
  leaf("groupId", rule.of) +
  leaf("groupOwnerId", call.context.account) +
  leaf("isEgress", rule.egress) +
  leaf("ipProtocol", rule.protocol) +
  leaf("fromPort", rule.from) +
  leaf("toPort", rule.to) +
  leaf("cidrIpv4", rule.cidr) +
  leaf("cidrIpv6", rule.cidr6) +
  (rule.group === undefined
    ? ""
    : branch("referencedGroupInfo", leaf("groupId", rule.group) + leaf("userId", call.context.account))) +
  leaf("description", rule.description) +
  tagSet(rule.tags);
