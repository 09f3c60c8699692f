import type { PolicyDocument, Statement } from "./model.js";

/** Characters that a managed policy may have, white space not counted (IAM user guide, "IAM and AWS STS quotas"). */
export const MANAGED_POLICY_MAX = 6144;

/** How long IAM finds a policy. */
export const lengthOf = (policy: PolicyDocument): number => JSON.stringify(policy).length;

/** Spreads the statements over as few policies as it takes for each to be a managed policy. */
export function pack({ Version, Statement: statements }: PolicyDocument, max = MANAGED_POLICY_MAX): PolicyDocument[] {
  const bins: Statement[][] = [];
  const policy = (list: readonly Statement[]): PolicyDocument => ({ Version, Statement: list });
  const longestFirst = statements.toSorted((a, b) => JSON.stringify(b).length - JSON.stringify(a).length);
  for (const statement of longestFirst) {
    const room = bins.find((bin) => lengthOf(policy([...bin, statement])) <= max);
    if (room) room.push(statement);
    else if (lengthOf(policy([statement])) <= max) bins.push([statement]);
    else throw new Error(`statement ${statement.Sid} alone is longer than the ${max} characters of a managed policy`);
  }
  const order = (statement: Statement) => statements.indexOf(statement);
  return bins.map((bin) => policy(bin.toSorted((a, b) => order(a) - order(b))));
}
