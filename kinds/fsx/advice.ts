import type { KindAdvice } from "../../core/model/causes.js";

/** What a person can do about what is wrong with backups, where FSx has its own reasons and ways out. */
export const ADVICE: KindAdvice = {
  "point-failed":
    "FSx could not finish the backup; it is tried again. If it goes on, look at the file system: one that is misconfigured or failed says why in its lifecycle, and its KMS key must be usable.",
  "copy-failed":
    "FSx could not finish the copy; it is tried again. Most often the KMS key of either region may not be used.",
  "point-hangs":
    "FSx is at it for much longer than it takes, and makes no other backup of the file system or volume meanwhile. Look whether a maintenance window or an update holds it up, and at the AWS Health Dashboard, or ask AWS Support.",
  "copy-hangs":
    "FSx is at it for much longer than it takes, and has five copies into a region at a time: each that hangs keeps its slot. Look at the AWS Health Dashboard, or ask AWS Support.",
  "tags-left-off": "The points are made, without these tags. Name fewer of them in the policy's fsx.copyTags.",
  "create-refused":
    "AWS refused to make the backup; it is tried again. Look at the cause, the file system's lifecycle and the function's role.",
  "quota-reached":
    "Nothing more can be made until the quota is raised, or backups go: open Service Quotas, Amazon FSx, in this region. Copies count, and so do those of AWS Backup.",
  "no-members":
    "No point can be made of it: look at the file system's state, or take away the tag that selects it. Other resources of the policy are not concerned.",
  "in-progress":
    "Nothing that waits for a copy is deleted. The DR stack has begun the copies that Details name, and FSx is at them. Those that hang are passed by the next point's after a day and a half; the region's own message says more.",
  "put-off":
    "FSx takes no more for now, and a point is late for it: one backup of a file system is made at a time, five copies run into a region, or calls come too fast. It is tried again. Look at what hangs, and at the quotas of FSx in this region.",
  "copies-fail":
    "Nothing that waits for a copy is deleted. The DR stack tries, and FSx fails the copies: Details, and the region's own message, say why.",
  "key-unusable":
    "A KMS key may not be used: the file system's, or the one of the copy's region. Look that it is enabled and not about to be deleted, and that its policy admits the function's role. It is tried again by itself.",
};
