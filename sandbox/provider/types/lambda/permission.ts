import { AddPermissionCommand, GetPolicyCommand, LambdaClient, RemovePermissionCommand } from "@aws-sdk/client-lambda";
import * as v from "valibot";
import { resource, unlessGone } from "../../resource/resource.js";
import { string } from "../../resource/schema.js";

const GONE = "ResourceNotFoundException";

/** The statements of a function's policy, as far as a permission is made of them. */
const Statements = v.object({
  Statement: v.array(
    v.object({
      Sid: v.optional(v.string()),
      Action: v.string(),
      Principal: v.union([v.string(), v.record(v.string(), v.string())]),
      Condition: v.optional(v.record(v.string(), v.record(v.string(), v.string()))),
    }),
  ),
});
type Statement = v.InferOutput<typeof Statements>["Statement"][number];

function principalOf({ Principal: principal }: Statement): string | undefined {
  return typeof principal === "string" ? principal : (principal["Service"] ?? principal["AWS"]);
}

function conditionOf({ Condition: conditions }: Statement, key: string): string | undefined {
  const all = Object.values(conditions ?? {}).flatMap((condition) => Object.entries(condition));
  return all.find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

export const permission = resource({
  token: "aws:lambda/permission:Permission",
  inputs: {
    action: string({ required: true, replace: true }),
    function: string({ required: true, replace: true }),
    principal: string({ required: true, replace: true }),
    principalOrgId: string({ replace: true }),
    qualifier: string({ replace: true }),
    sourceAccount: string({ replace: true }),
    sourceArn: string({ replace: true }),
    statementId: string({ required: true, replace: true }),
  },
  outputs: [],
  autoName: { property: "statementId", max: 100 },
  async create(context, inputs) {
    await context.client(LambdaClient).send(
      new AddPermissionCommand({
        Action: inputs.action,
        FunctionName: inputs.function,
        Principal: inputs.principal,
        PrincipalOrgID: inputs.principalOrgId,
        Qualifier: inputs.qualifier,
        SourceAccount: inputs.sourceAccount,
        SourceArn: inputs.sourceArn,
        StatementId: inputs.statementId,
      }),
    );
    return inputs.statementId;
  },
  async read(context, id, { function: FunctionName, qualifier: Qualifier, principal }) {
    if (FunctionName === undefined) throw new Error("the sandbox cannot import aws:lambda/permission:Permission");
    const call = context.client(LambdaClient).send(new GetPolicyCommand({ FunctionName, Qualifier }));
    const found = await unlessGone(call, GONE);
    if (!found?.Policy) return undefined;
    const statement = v.parse(Statements, JSON.parse(found.Policy)).Statement.find(({ Sid }) => Sid === id);
    if (!statement) return undefined;
    const seen = principalOf(statement);
    return {
      action: statement.Action,
      // Lambda turns an account id into the ARN of its root user.
      principal: seen === `arn:${context.partition}:iam::${principal}:root` ? principal : seen,
      principalOrgId: conditionOf(statement, "aws:PrincipalOrgID"),
      sourceAccount: conditionOf(statement, "AWS:SourceAccount"),
      sourceArn: conditionOf(statement, "AWS:SourceArn"),
      statementId: id,
    };
  },
  async remove(context, id, { function: FunctionName, qualifier: Qualifier }) {
    const request = { FunctionName, Qualifier, StatementId: id };
    await unlessGone(context.client(LambdaClient).send(new RemovePermissionCommand(request)), GONE);
  },
});
