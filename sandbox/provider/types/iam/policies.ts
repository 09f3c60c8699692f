import {
  AttachRolePolicyCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  paginateListAttachedRolePolicies,
} from "@aws-sdk/client-iam";
import { resource, unlessGone } from "../../resource/resource.js";
import { policy, string } from "../../resource/schema.js";

const NO_ENTITY = "NoSuchEntityException";

/** Both parts of an id `left<separator>right`. */
function split(id: string, separator: string): [string, string] {
  const at = id.indexOf(separator);
  if (at < 0) throw new Error(`expected an id of the form role${separator}policy, got ${id}`);
  return [id.slice(0, at), id.slice(at + separator.length)];
}

export const rolePolicy = resource({
  token: "aws:iam/rolePolicy:RolePolicy",
  global: true,
  inputs: {
    name: string({ required: true, replace: true }),
    policy: policy({ required: true }),
    role: string({ required: true, replace: true }),
  },
  outputs: [],
  autoName: { property: "name", max: 128 },
  async create(context, { name: PolicyName, policy: PolicyDocument, role: RoleName }) {
    await context.client(IAMClient).send(new PutRolePolicyCommand({ PolicyName, PolicyDocument, RoleName }));
    return `${RoleName}:${PolicyName}`;
  },
  async read(context, id) {
    const [RoleName, PolicyName] = split(id, ":");
    const call = context.client(IAMClient).send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    const found = await unlessGone(call, NO_ENTITY);
    return found && { role: RoleName, name: PolicyName, policy: decodeURIComponent(found.PolicyDocument ?? "") };
  },
  async update(context, _id, { name: PolicyName, policy: PolicyDocument, role: RoleName }) {
    await context.client(IAMClient).send(new PutRolePolicyCommand({ PolicyName, PolicyDocument, RoleName }));
  },
  async remove(context, id) {
    const [RoleName, PolicyName] = split(id, ":");
    const call = context.client(IAMClient).send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    await unlessGone(call, NO_ENTITY);
  },
});

export const rolePolicyAttachment = resource({
  token: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  global: true,
  inputs: {
    policyArn: string({ required: true, replace: true }),
    role: string({ required: true, replace: true }),
  },
  outputs: [],
  async create(context, { policyArn: PolicyArn, role: RoleName }) {
    await context.client(IAMClient).send(new AttachRolePolicyCommand({ PolicyArn, RoleName }));
    return `${RoleName}/${PolicyArn}`;
  },
  async read(context, id) {
    const [RoleName, PolicyArn] = split(id, "/");
    const client = context.client(IAMClient);
    const find = async () => {
      for await (const page of paginateListAttachedRolePolicies({ client }, { RoleName })) {
        if (page.AttachedPolicies?.some((policy) => policy.PolicyArn === PolicyArn)) return true;
      }
      return undefined;
    };
    return (await unlessGone(find(), NO_ENTITY)) && { role: RoleName, policyArn: PolicyArn };
  },
  async remove(context, id) {
    const [RoleName, PolicyArn] = split(id, "/");
    const call = context.client(IAMClient).send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    await unlessGone(call, NO_ENTITY);
  },
});
