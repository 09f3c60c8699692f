import type { Need } from "./call.js";
import { type Policy, parsePolicy } from "./document.js";
import { type Caller, delegates, evaluate, evaluateResource, mayBeAllowed, type Verdict } from "./evaluate.js";
import type { ResourceFact, RoleFact } from "./facts.js";

/** Whether a right is given: by which statement, or in AWS's words why not. */
export type Decision =
  | { readonly allowed: true; readonly by: { readonly policy: string; readonly sid: string } | undefined }
  | { readonly allowed: false; readonly because: string };

/** Policies that were read, by their text: there are as many as are deployed. */
const read = new Map<string, Policy>();
const MOST = 1000;

function policyOf(name: string, document: string): Policy {
  const key = `${name} ${document}`;
  let policy = read.get(key);
  if (!policy) {
    if (read.size >= MOST) read.clear();
    policy = parsePolicy(name, document);
    read.set(key, policy);
  }
  return policy;
}

export const policiesOf = ({ policies }: RoleFact): Policy[] =>
  Object.entries(policies).map(([name, document]) => policyOf(name, document));

const denied = (because: string): Decision => ({ allowed: false, because });
const by = (verdict: Verdict): Decision => ({
  allowed: true,
  by: verdict.effect === "none" ? undefined : { policy: verdict.policy, sid: verdict.sid },
});

/** Decides on one right of a role (IAM user guide, "Policy evaluation logic", within one account). */
export function decide(need: Need, caller: Caller, role: RoleFact, resource: ResourceFact | null): Decision {
  const policies = policiesOf(role);
  const { action } = need;
  const nobody = `because no identity-based policy allows the ${action} action`;
  if (need.missing) return mayBeAllowed(policies, action) ? { allowed: true, by: undefined } : denied(nobody);
  const own = evaluate(policies, need);
  if (own.effect === "deny") return denied("with an explicit deny in an identity-based policy");
  const guard = resource?.policy ? policyOf(resource.arn, resource.policy) : undefined;
  const theirs = guard ? evaluateResource(guard, need, caller) : undefined;
  if (theirs?.effect === "deny") return denied("with an explicit deny in a resource-based policy");
  if (role.boundary !== null && evaluate([policyOf("boundary", role.boundary)], need).effect !== "allow") {
    return denied(`because no permissions boundary allows the ${action} action`);
  }
  if (theirs?.effect === "allow") return own.effect === "allow" ? by(own) : { allowed: true, by: undefined };
  if (action.startsWith("kms:") && resource) return decideKey(need, caller, own, resource, guard);
  return own.effect === "allow" ? by(own) : denied(nobody);
}

/**
 * A role's policies count for a key only where the key's own policy leaves it to them; grants allow beside both (KMS developer
 * guide, "Key access").
 */
function decideKey(
  need: Need,
  caller: Caller,
  own: Verdict,
  { grants }: ResourceFact,
  guard: Policy | undefined,
): Decision {
  const operation = need.action.slice("kms:".length);
  const granted = grants.some(
    ({ grantee, operations }) =>
      operations.includes(operation) && [caller.roleArn, caller.sessionArn].includes(grantee),
  );
  if (granted) return { allowed: true, by: undefined };
  if (!guard || !delegates(guard, need, caller)) {
    return denied(`because no resource-based policy allows the ${need.action} action`);
  }
  return own.effect === "allow" ? by(own) : denied(`because no identity-based policy allows the ${need.action} action`);
}
