import type { AskedCopy } from "../../core/config/kinds.js";
import { natureOf } from "./details.js";

/** What FSx does not do, as far as its API says so beforehand. What only AWS's answer tells is told when it comes. */

/** As much of a file system as decides whether AWS makes backups of it. */
export interface Able {
  readonly type: string;
  readonly deployment: string | undefined;
  /** Lustre: it is linked to a bucket. */
  readonly isLinked: boolean;
}

/** Why AWS makes no backups of a file system (FSx API reference, CreateBackup). */
export function whyNoBackup({ type, deployment, isLinked }: Able): string | undefined {
  switch (type) {
    case "WINDOWS":
    case "OPENZFS":
      return undefined;
    case "LUSTRE":
      if (deployment === undefined || !deployment.startsWith("PERSISTENT"))
        return `it is Lustre of the type ${deployment ?? "unknown"}, and FSx backs up persistent ones only: move what must stay to a persistent one, or tag it Backup=No`;
      return isLinked
        ? "it is Lustre linked to a data repository, which FSx does not back up: its bucket holds the data; protect that, or tag it Backup=No"
        : undefined;
    case "ONTAP":
      return "it is ONTAP, of which FSx backs up volumes, not file systems: add ontap-volume to the policy's kinds and tag the volumes";
    default:
      return `it is of the type "${type}", which Lockstep does not know`;
  }
}

/** Why AWS makes no backups of an ONTAP volume (FSx API reference, CreateBackup: "the volume type must be RW"). */
export const whyNoVolumeBackup = (ontapType: string | undefined): string | undefined =>
  ontapType === undefined || ontapType === "RW"
    ? undefined
    : `it is an ONTAP volume of the type ${ontapType}, and FSx backs up RW volumes only: protect its source`;

/** Why no backup of it can be copied to another region (FSx API reference, CopyBackup; user guides, "Copying backups"). */
export function cannotCopy({ resourceKind, from, to, detail }: AskedCopy): string | undefined {
  if (resourceKind === "ontap-volume")
    return `backups of ONTAP volumes can be restored in ${from} only, FSx copies none to ${to}: replicate the volumes with SnapMirror`;
  const { type, storage } = natureOf(detail);
  if (type === "OPENZFS" && storage === "INTELLIGENT_TIERING")
    return `FSx copies no backups of OpenZFS with Intelligent-Tiering storage to ${to}: use OpenZFS on-demand replication`;
  return undefined;
}
