import type { Call, Commit } from "../call.js";
import { checkId, freshId, notFound } from "../state/ids.js";
import type { Change } from "../state/journal.js";
import { readTagSpecifications, tagSet } from "../tags.js";
import { Ec2Error, invalidValue } from "../wire/errors.js";
import { type FilterTable, readFilters, tagsOf } from "../wire/filters.js";
import { cut, readPage } from "../wire/paging.js";
import type { Params } from "../wire/protocol.js";
import { leaf, list } from "../wire/xml.js";
import { arnOf, dependencyViolation, findOne, liveInstances } from "./common.js";
import { defaultGroupOf, defaultVpcId } from "./defaults.js";
import type { SecurityGroup, SecurityGroupRule } from "./model.js";
import { permissionsXml } from "./rule-xml.js";

/** The rules of a group, oldest first. */
export const rulesOf = (call: Call, group: string): SecurityGroupRule[] =>
  [...call.shelf.rules.after()].filter(({ of }) => of === group);

const groupXml = (call: Call, group: SecurityGroup): string => {
  const rules = rulesOf(call, group.id);
  return (
    leaf("groupId", group.id) +
    leaf("groupName", group.name) +
    leaf("groupDescription", group.description) +
    leaf("ownerId", call.context.account) +
    leaf("vpcId", group.vpc) +
    leaf("securityGroupArn", arnOf(call, "security-group", group.id)) +
    permissionsXml(
      "ipPermissions",
      call,
      rules.filter(({ egress }) => !egress),
    ) +
    permissionsXml(
      "ipPermissionsEgress",
      call,
      rules.filter(({ egress }) => egress),
    ) +
    tagSet(group.tags)
  );
};

/** API_CreateSecurityGroup: "Up to 255 characters in length", of these. */
const WORDS = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/;

/** API_CreateSecurityGroup. "By default, a new security group has an outbound rule that allows all outbound traffic." */
export function createSecurityGroup(call: Call, params: Params): Commit {
  const name = params.required("GroupName");
  const description = params.required("GroupDescription");
  const vpcId = params.optional("VpcId") ?? defaultVpcId(call.context.account, call.region);
  const vpc = findOne(call, "vpc", vpcId, "vpcId");
  if (!WORDS.test(name) || name.startsWith("sg-"))
    throw invalidValue(`Value (${name}) for parameter GroupName is invalid.`);
  if (!WORDS.test(description)) throw invalidValue(`Value (${description}) for parameter GroupDescription is invalid.`);
  if (name === "default") throw new Ec2Error("InvalidGroup.Reserved", "The security group name 'default' is reserved");
  if ([...call.shelf.groups.after()].some((one) => one.vpc === vpc.id && one.name === name)) {
    throw new Ec2Error("InvalidGroup.Duplicate", `The security group '${name}' already exists for VPC '${vpc.id}'`);
  }
  const tags = readTagSpecifications(params, ["security-group"])["security-group"];
  return () => {
    const { region } = call;
    const id = freshId("sg");
    const seq = call.store.nextSeq();
    const group: SecurityGroup = { kind: "security-group", id, seq, region, tags, name, description, vpc: vpc.id };
    const outbound: SecurityGroupRule = {
      kind: "security-group-rule",
      id: freshId("sgr"),
      seq: call.store.nextSeq(),
      region,
      tags: {},
      of: id,
      egress: true,
      protocol: "-1",
      from: -1,
      to: -1,
      cidr: "0.0.0.0/0",
    };
    call.store.commit([{ put: group }, { put: outbound }]);
    return (
      leaf("groupId", id) +
      tagSet(tags) +
      leaf("securityGroupArn", arnOf(call, "security-group", id)) +
      leaf("return", true)
    );
  };
}

/** The group that GroupId names, or GroupName in the default VPC. */
export function readGroup(call: Call, params: Params): SecurityGroup {
  const id = params.optional("GroupId");
  if (id !== undefined) return findOne(call, "security-group", id, "groupId");
  const name = params.required("GroupName");
  const vpc = defaultVpcId(call.context.account, call.region);
  const found = [...call.shelf.groups.after()].find((one) => one.vpc === vpc && one.name === name);
  if (!found) throw notFound("security-group", [name]);
  return found;
}

/**
 * API_DeleteSecurityGroup: "If you attempt to delete a security group that is associated with an instance or network interface,
 * is referenced by another security group in the same VPC ... the operation fails with DependencyViolation".
 */
export function deleteSecurityGroup(call: Call, params: Params): Commit {
  const group = readGroup(call, params);
  if (group.id === defaultGroupOf(group.vpc)) {
    const message = `the specified group: "${group.id}" name: "default" cannot be deleted by a user`;
    throw new Ec2Error("CannotDelete", message);
  }
  const isUsed = liveInstances(call).some(({ securityGroups }) => securityGroups.includes(group.id));
  const isNamed = [...call.shelf.rules.after()].some((rule) => rule.group === group.id && rule.of !== group.id);
  if (isUsed || isNamed) throw dependencyViolation(`resource ${group.id} has a dependent object`);
  return () => {
    const gone = [group, ...rulesOf(call, group.id)];
    call.store.commit(gone.map(({ id }): Change => ({ drop: id })));
    return leaf("return", true) + leaf("groupId", group.id);
  };
}

type RuleValue = (rule: SecurityGroupRule) => string | number | undefined;

const ruleFilters = (call: Call): Readonly<Record<string, RuleValue>> => ({
  cidr: (rule) => rule.cidr,
  "from-port": (rule) => rule.from,
  "group-id": (rule) => rule.group,
  "group-name": (rule) => (rule.group === undefined ? undefined : call.shelf.groups.get(rule.group)?.name),
  "ipv6-cidr": (rule) => rule.cidr6,
  protocol: (rule) => rule.protocol,
  "to-port": (rule) => rule.to,
  "user-id": (rule) => rule.group && call.context.account,
});

function filters(call: Call): FilterTable<SecurityGroup> {
  const ofRules = Object.entries(ruleFilters(call)).flatMap(([name, value]) =>
    [false, true].map((egress) => {
      const values = (row: SecurityGroup) =>
        rulesOf(call, row.id)
          .filter((rule) => rule.egress === egress)
          .map(value);
      return [`${egress ? "egress." : ""}ip-permission.${name}`, values] as const;
    }),
  );
  return {
    ...Object.fromEntries(ofRules),
    description: (row) => row.description,
    "group-id": (row) => row.id,
    "group-name": (row) => row.name,
    "owner-id": () => call.context.account,
    "vpc-id": (row) => row.vpc,
  };
}

/** API_DescribeSecurityGroups: by id, by name in the default VPC, by filters, in pages. */
export function describeSecurityGroups(call: Call, params: Params): Commit {
  const ids = new Set(params.strings("GroupId"));
  const names = new Set(params.strings("GroupName"));
  const keep = readFilters(params, filters(call), tagsOf);
  const page = readPage(call, params, { over: "refuse" });
  for (const id of ids) checkId("security-group", id, "groupId");
  const inDefault = [...call.shelf.groups.after()].filter(
    ({ vpc }) => vpc === defaultVpcId(call.context.account, call.region),
  );
  const missing = [
    ...[...ids].filter((id) => !call.shelf.groups.get(id)),
    ...[...names].filter((name) => !inDefault.some((group) => group.name === name)),
  ];
  if (missing.length > 0) throw notFound("security-group", missing);
  const named = ({ id, name, vpc }: SecurityGroup): boolean =>
    (ids.size === 0 && names.size === 0) ||
    ids.has(id) ||
    (names.has(name) && inDefault.some((one) => one.vpc === vpc));
  return () => {
    const rows = call.shelf.groups.after(Number(page.after));
    const found = cut(
      rows,
      page,
      (row) => named(row) && keep(row),
      (row) => String(row.seq),
    );
    return (
      list(
        "securityGroupInfo",
        found.rows.map((row) => groupXml(call, row)),
      ) + found.next
    );
  };
}
