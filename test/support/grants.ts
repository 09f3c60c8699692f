import { type Made, ofType } from "./pulumi-mocks.js";

/** A statement of a role's inline policy. */
export interface Grant {
  readonly role: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Readonly<Record<string, unknown>> | undefined;
}

interface PolicyDocument {
  readonly Statement: readonly {
    readonly Effect: string;
    readonly Action: readonly string[];
    readonly Resource: readonly string[];
    readonly Condition?: Readonly<Record<string, unknown>>;
  }[];
}

/** All that a stack's roles are allowed. */
export const grantsOf = (stack: readonly Made[]): Grant[] =>
  ofType(stack, "aws:iam/rolePolicy:RolePolicy").flatMap(({ inputs }) => {
    // Written by ServiceRole, which writes every part of it; a part that is missing fails where it is used.
    const document = JSON.parse(String(inputs["policy"])) as PolicyDocument;
    return document.Statement.map(({ Action, Resource, Condition }) => ({
      role: String(inputs["role"]),
      actions: Action,
      resources: Resource,
      conditions: Condition,
    }));
  });
