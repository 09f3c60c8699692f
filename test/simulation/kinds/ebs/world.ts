import type { Member, Resource } from "../../../../core/model/model.js";
import { pointTags } from "../../../../core/model/point-tags.js";
import { copiedTags } from "../../../../kinds/ebs/copy-tags.js";
import { createDetail, finalizeDetail, type MemberDetail } from "../../../../kinds/ebs/details.js";
import { ebs as rules } from "../../../../kinds/ebs/rules.js";
import { takeIn, takesIn, watchedVolumes } from "../../../../kinds/ebs/take-in.js";
import { Ec2 } from "../../../cloud/ec2.js";
import type { LockRequest, SetRequest } from "../../../cloud/requests.js";
import { HOUR, MINUTE } from "../../scenario.js";
import { tagsOf } from "../../world/machines.js";
import type { Snap } from "../../world/snap.js";
import type { KindWorld, Service } from "../kind.js";
import { draw } from "./draw.js";
import { read, recordOf } from "./reading.js";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

class Ebs extends Ec2<Snap> implements Service {
  create(region: string, request: SetRequest): readonly Snap[] {
    return this.createSnapshots(region, request);
  }

  delete(region: string, id: string): Snap {
    return this.deleteSnapshot(region, id);
  }

  lock(region: string, id: string, request: LockRequest): Snap {
    return this.lockSnapshot(region, id, request);
  }
}

export const ebs: KindWorld = {
  rules,
  pace: {
    // Often minutes, seldom an hour; copies up to two.
    createMs: [MINUTE, 50 * MINUTE],
    copyMs: [3 * MINUTE, 2 * HOUR],
    createAllowance: 4 * HOUR,
    // One copy may have to end before the next begins.
    copyAllowance: 6 * HOUR,
    // docs/outputs.md, "Messages": all volumes here are small.
    hangsAfter: 36 * HOUR + 6 * MINUTE,
    // Of the 20 that AWS allows two are left to others.
    copySlots: 18,
  },
  spared: [],
  notFound: "InvalidSnapshot.NotFound",
  draw,
  service: (account, record) => new Ebs(account, record),
  partOf({ id, kind }, n) {
    if (kind === "volume") return n === 0 ? { id, device: "" } : undefined;
    const letter = LETTERS[n];
    return letter === undefined ? undefined : { id: `vol-${id.slice(2)}-${n}`, device: `/dev/sd${letter}` };
  },
  resourceOf(machine): Resource {
    const { spec, disks } = machine;
    const members = disks.map(({ device, ...disk }, i): Member => {
      const detail: MemberDetail = { device, boot: spec.kind === "instance" && i === 0 };
      return { ...disk, detail, tags: {} };
    });
    return { id: spec.id, kind: spec.kind, region: spec.region, name: spec.id, tags: tagsOf(machine), members };
  },
  read,
  requestOf(action, settings) {
    const { exclude } = createDetail(action);
    const excluded = { boot: exclude?.boot ?? false, volumes: exclude?.volumes ?? [] };
    return { resource: action.resource, excluded, tags: pointTags(settings, action) };
  },
  copyRequestOf: (action, settings) => ({
    from: action.from,
    snapshot: action.artifact.id,
    tags: copiedTags(settings, action),
  }),
  lockOf: (action) => (action.do === "finalize" ? finalizeDetail(action) : createDetail(action)).lock,
  takeIn({ settings, resources, listed, now, as }) {
    if (!takesIn(settings)) return [];
    const watched = watchedVolumes(settings, resources);
    const snapshots = listed
      .filter((snap) => watched.has(snap.volume))
      .map((snap) => recordOf({ snap: as(snap), tags: snap.tags }));
    return takeIn({ settings, watched, snapshots, now }).taken;
  },
};
