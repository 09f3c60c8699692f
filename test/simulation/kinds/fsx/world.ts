import { copyTags, pointTags } from "../../../../core/model/point-tags.js";
import { whyNoBackup, whyNoVolumeBackup } from "../../../../kinds/fsx/abilities.js";
import { tokenOf } from "../../../../kinds/fsx/aws/token.js";
import { createDetail, type ResourceDetail } from "../../../../kinds/fsx/details.js";
import { fsx as rules } from "../../../../kinds/fsx/rules.js";
import { DAY, HOUR, MINUTE } from "../../scenario.js";
import { type Machine, tagsOf } from "../../world/machines.js";
import type { KindWorld } from "../kind.js";
import { draw } from "./draw.js";
import { Fsx, NOT_FOUND } from "./fsx.js";
import { natureOf, never, unitOf } from "./natures.js";
import { read, usage } from "./reading.js";

function detailOf({ spec, updates }: Machine): ResourceDetail {
  const { type, storage, deployment } = natureOf(unitOf(spec.id));
  const isVolume = type === "ONTAP";
  const problem = isVolume ? whyNoVolumeBackup("RW") : whyNoBackup({ type, deployment, isLinked: false });
  return {
    type,
    lifecycle: updates > 0 ? "UPDATING" : isVolume ? "CREATED" : "AVAILABLE",
    ...(storage !== undefined && { storage }),
    ...(problem !== undefined && { problem }),
  };
}

export const fsx: KindWorld = {
  rules,
  pace: {
    createMs: [20 * MINUTE, 3 * HOUR],
    copyMs: [HOUR, 8 * HOUR],
    createAllowance: 7 * HOUR,
    // Six resources may copy into one region, four at a time: one ends before it begins.
    copyAllowance: 22 * HOUR,
    // docs/outputs.md, "Messages": all of them here are small.
    hangsAfter: 36 * HOUR + 6 * MINUTE,
    // Of the five that AWS allows one is left to others.
    copySlots: 4,
    // Nothing else is made of the unit meanwhile: somebody asks AWS Support.
    stuckMs: 2.5 * DAY,
  },
  // FSx has no locks, and its tokens keep calls from being carried out twice; what fills its quotas does so bit by bit.
  spared: ["lock", "image", "share", "theirs", "attach", "detach", "doubles", "quota"],
  often: [
    ...Array.from({ length: 4 }, () => "updating" as const),
    ...Array.from({ length: 2 }, () => "fills" as const),
  ],
  notFound: NOT_FOUND,
  draw,
  never,
  usage,
  service: (account, record) => new Fsx(account, record),
  partOf: ({ id }, n) => (n === 0 ? { id: unitOf(id), device: "" } : undefined),
  resourceOf(machine) {
    const { spec, disks } = machine;
    const members = disks.map(({ id, sizeGiB, createdAt }) => ({ id, sizeGiB, createdAt, tags: {}, detail: {} }));
    const { id, kind, region } = spec;
    return { id, kind, region, name: id, tags: tagsOf(machine), members, detail: detailOf(machine) };
  },
  read,
  requestOf(action, settings) {
    const { waits } = createDetail(action);
    if (waits !== undefined) return undefined;
    const token = tokenOf(settings.deployment, action.point);
    return { resource: action.resource, tags: pointTags(settings, action), token };
  },
  copyRequestOf(action, settings) {
    const { from, artifact, region, point, after = "" } = action;
    const token = tokenOf(settings.deployment, region, point, artifact.id, after);
    return { from, snapshot: artifact.id, tags: copyTags(settings, action), token };
  },
};
