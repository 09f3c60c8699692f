import type { Context } from "./context.js";
import type { Policy, Principals, Statement } from "./document.js";
import { holds } from "./operators.js";
import { fits, matches } from "./pattern.js";

/** One right that a call needs. */
export interface Access {
  /** As IAM has it: `ec2:CreateSnapshot`. */
  readonly action: string;
  /** An ARN; `*` where the action knows no resource. */
  readonly resource: string;
  readonly context: Context;
}

/** A role at work. */
export interface Caller {
  readonly roleArn: string;
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>` */
  readonly sessionArn: string;
  readonly account: string;
}

/** What policies say of a right, and the statement that decided; `none`: no statement is about it. */
export type Verdict =
  | { readonly effect: "allow" | "deny"; readonly policy: string; readonly sid: string }
  | { readonly effect: "none" };

const NONE: Verdict = { effect: "none" };

/** Policies of a role: a statement that denies wins, then the first that allows. */
export const evaluate = (policies: readonly Policy[], access: Access): Verdict =>
  first(policies, access, "Deny", () => true) ?? first(policies, access, "Allow", () => true) ?? NONE;

/**
 * The policy of a resource. A statement for the caller's whole account lets its roles' own policies decide, so that it allows
 * nothing here (IAM user guide, "Policy evaluation logic"): see `delegates`.
 */
export function evaluateResource(policy: Policy, access: Access, caller: Caller): Verdict {
  const meant = ({ principals }: Statement) => principals !== undefined && isMeant(principals, caller);
  const named = ({ principals }: Statement) =>
    principals !== undefined && !principals.not && isNamed(principals, caller);
  return first([policy], access, "Deny", meant) ?? first([policy], access, "Allow", named) ?? NONE;
}

/** Whether a resource's policy, as a key's, leaves it to the account's own policies to allow this. */
export const delegates = (policy: Policy, access: Access, caller: Caller): boolean =>
  first([policy], access, "Allow", ({ principals }) => principals !== undefined && isMeant(principals, caller)) !==
  undefined;

/** Whether a statement is about the action of the right, leaving resource and conditions aside. */
export const mayBeAllowed = (policies: readonly Policy[], action: string): boolean =>
  policies.some(({ statements }) => statements.some((one) => one.effect === "Allow" && isAction(one, action)));

function first(
  policies: readonly Policy[],
  access: Access,
  effect: Statement["effect"],
  concerns: (statement: Statement) => boolean,
): Verdict | undefined {
  for (const { name, statements } of policies) {
    const found = statements.find((one) => one.effect === effect && concerns(one) && applies(one, access));
    if (found) return { effect: effect === "Allow" ? "allow" : "deny", policy: name, sid: found.sid };
  }
  return undefined;
}

function applies(statement: Statement, { action, resource, context }: Access): boolean {
  const { resources, notResources, conditions } = statement;
  if (!isAction(statement, action)) return false;
  if (resources && resources.some((pattern) => fits(pattern, resource, context)) === notResources) return false;
  return conditions.every(({ operator, key, values }) => holds(operator, key, values, context));
}

/** "Action names are not case sensitive." */
const isAction = ({ actions, notActions }: Statement, action: string): boolean =>
  actions.some((pattern) => matches(pattern, action.toLowerCase())) !== notActions;

/** Whether a statement names the role or its session, or everybody. */
const isNamed = ({ aws }: Principals, { roleArn, sessionArn }: Caller): boolean =>
  aws.some((one) => one === "*" || one === roleArn || one === sessionArn);

function isMeant(principals: Principals, caller: Caller): boolean {
  const { account } = caller;
  const ofAccount = (one: string) => one === account || new RegExp(`^arn:aws[\\w-]*:iam::${account}:root$`).test(one);
  return (isNamed(principals, caller) || principals.aws.some(ofAccount)) !== principals.not;
}
