import type { Policy, Resource, Select, TagExpression } from "../../core/model/model.js";
import { isLike } from "../../core/names/pattern.js";
import { ebsOf, MEMBERS, type Membership } from "./config.js";
import { resourceDetail } from "./details.js";

/**
 * How the tags begin that AWS puts on members: "Tag Auto Scaling groups and instances" (Auto Scaling user guide: groupName), and
 * on nodes of EKS, managed or by hand (EKS user guide, "Tag your Amazon EKS resources" and "Create self-managed nodes").
 * Spot has no tag, but a lifecycle.
 */
const MARKS: Readonly<Record<Exclude<Membership, "spot">, readonly string[]>> = {
  autoscaling: ["aws:autoscaling:groupName"],
  eks: ["eks:cluster-name", "aws:eks:cluster-name", "eks:eks-cluster-name", "kubernetes.io/cluster/"],
};

const isMark = (member: Membership, key: string): boolean =>
  member !== "spot" && MARKS[member].some((mark) => (mark.endsWith("/") ? key.startsWith(mark) : key === mark));

type Member = Pick<Resource, "kind" | "tags" | "detail">;

/** What an instance is a member of; of volumes their own tags decide. */
function membershipsOf({ kind, tags, detail }: Member): Membership[] {
  const { spot = false } = resourceDetail({ detail });
  if (kind !== "instance") return [];
  const keys = Object.keys(tags);
  return MEMBERS.filter((member) => (member === "spot" ? spot : keys.some((key) => isMark(member, key))));
}

type Tags = Readonly<Record<string, string>>;

/** Whether a selection asks for a tag that marks members, and the resource is taken by that. What stands below a `not` asks for nothing. */
function asksForMark(select: Select | TagExpression, member: Membership, tags: Tags): boolean {
  if ("everything" in select || "not" in select) return false;
  if ("all" in select) return select.all.some((one) => asksForMark(one, member, tags));
  if ("any" in select) return select.any.some((one) => asksForMark(one, member, tags));
  const { key, keyPrefix, value, like, prefix } = select;
  // A pattern may take such a key without meaning it.
  return Object.entries(tags).some(
    ([one, text]) =>
      isMark(member, one) &&
      (key === one || (keyPrefix !== undefined && begins(member, keyPrefix) && one.startsWith(keyPrefix))) &&
      (value === undefined || value === text) &&
      (like === undefined || isLike(text, like)) &&
      (prefix === undefined || text.startsWith(prefix)),
  );
}

/** `kubernetes.io/cluster/` means the nodes of EKS, and so do `eks:` and `kubernetes.io/cluster/shop`; `k` does not. */
const begins = (member: Membership, keyPrefix: string): boolean =>
  member !== "spot" &&
  MARKS[member].some((mark) => keyPrefix.startsWith(mark) || (mark.startsWith(keyPrefix) && /[:/]$/.test(keyPrefix)));

/**
 * Why a policy that would select an instance leaves it out: it is a member of what the policy neither includes nor asks for by
 * its tag. The nodes of EKS are in Auto Scaling groups anyway, so whoever asks for those means both.
 */
export function leftOut(policy: Pick<Policy, "select" | "sections">, resource: Member): Membership[] {
  const { tags } = resource;
  const { select } = policy;
  const { include = [] } = ebsOf(policy);
  const meant = (member: Membership): boolean => include.includes(member) || asksForMark(select, member, tags);
  return membershipsOf(resource).filter(
    (one) => !meant(one) && !(one === "autoscaling" && isNode(resource) && meant("eks")),
  );
}

const isNode = (resource: Member): boolean => membershipsOf(resource).includes("eks");
