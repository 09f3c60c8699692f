import type { KindAdvice } from "../../core/model/causes.js";

/** What a person can do about what is wrong with snapshots, where EBS has its own reasons and ways out. */
export const ADVICE: KindAdvice = {
  "point-failed":
    "EBS could not finish the snapshot; it is tried again. If it goes on, look at the volume's state and its KMS key.",
  "copy-failed":
    "EBS could not finish the copy; it is tried again. Most often the KMS key of either region may not be used.",
  "point-hangs":
    "EBS is at it for much longer than it takes. Later points are made all the same, until EBS has five in progress of one volume and takes no more. Deleting does not end them: look at the AWS Health Dashboard, or ask AWS Support.",
  "copy-hangs":
    "EBS is at it for much longer than it takes. The next point is copied all the same, as a full copy; each that hangs keeps its slot. Deleting does not end them: look at the AWS Health Dashboard, or ask AWS Support.",
  "excludes-nothing":
    "Volumes that were meant to be left out may be in the points. Name devices as EC2 shows them in the instance's block device mapping, not as the system in it does; or take it out of the policy's ebs.exclude.",
  "members-left-out":
    "If they are to be protected, name in the policy's ebs.include what they are members of; if not, give it ebs: { include: [] }.",
  "too-many-excluded":
    "No point is made of it: let the policy exclude fewer of its volumes, or take the resource out of its selection.",
  "tags-left-off": "The points are made, without these tags. Name fewer of them in the policy's ebs.copyTags.",
  "resource-gone":
    "Nothing needs to be done. To keep its last point, tag its snapshots to be kept for ever, or copy them, before it goes.",
  "create-refused":
    "AWS refused to make the snapshots; it is tried again. Look at the cause, the instance's state and the function's role.",
  "finalize-refused":
    "A point is there, but not locked as its policy wants; it is tried again for a day. Look at the function's role.",
  "delete-refused": "AWS refused to delete an expired snapshot; it is tried again and costs money until then.",
  "adopt-refused":
    "Snapshots of others are not points yet, so not copied; it is tried again. Look at the cause and at the function's role.",
  "quota-reached":
    "Snapshots cannot be made until the quota is raised: open Service Quotas, Amazon EBS, in this region.",
  "stray-artifact":
    "A snapshot has our ownership tag and belongs to no point: it is never deleted. Remove the tag, or the snapshot.",
  "no-members":
    "No point can be made of it: attach its volume, or take away the tag that selects it. Other resources of the policy are not concerned.",
  incomplete:
    "EBS finished all that there is, but the set is not whole: a volume was detached just before it was made, or somebody deleted a snapshot or changed its tags. A whole point is tried by itself.",
  "in-progress":
    "Nothing that waits for a copy is deleted. The DR stack has begun the copies that Details name, and EBS is at them. Those that hang are passed by the next point's after a day and a half; the region's own message says more.",
  "put-off":
    "AWS takes no more for now, and a point is late for it: so many are in progress, of the volume or in the region, or calls come too fast. It is tried again. Look at what hangs, and at the quotas of EBS in this region.",
  "copies-fail":
    "Nothing that waits for a copy is deleted. The DR stack tries, and EBS fails the copies: Details, and the region's own message, say why.",
  "key-unusable":
    "A KMS key may not be used: the volume's, or the one of the copy's region. Look that it is enabled and not about to be deleted, and that its policy admits the function's role. It is tried again by itself.",
};
