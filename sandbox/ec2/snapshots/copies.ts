import type { Call, Commit } from "../call.js";
import { isRegion } from "../regions.js";
import { checkId, freshId } from "../state/ids.js";
import type { Snapshot } from "../state/model.js";
import { readTagSpecifications, tagSet } from "../tags.js";
import { encryption } from "../volumes/disks.js";
import { KEY_NOT_ACCESSIBLE } from "../volumes/keys.js";
import { Ec2Error, invalidValue } from "../wire/errors.js";
import type { Params } from "../wire/protocol.js";
import { leaf } from "../wire/xml.js";
import { failing, SOURCE_NOT_VALID } from "./snapshots.js";

/** API_CopySnapshot: "Snapshots copies have an arbitrary source volume ID. Do not use this volume ID for any purpose." Seen in the field as this. */
const ARBITRARY_VOLUME = "vol-ffffffff";

interface CopyRequest {
  readonly region: string;
  readonly id: string;
  readonly description: string;
  readonly encrypted: boolean | undefined;
  readonly key: string | undefined;
  readonly minutes: number | undefined;
}

function readCopy(call: Call, params: Params): CopyRequest {
  const region = params.required("SourceRegion");
  const id = params.required("SourceSnapshotId");
  const destination = params.optional("DestinationRegion");
  // Signed by the SDKs for the source's endpoint. All regions are one process here, so it is accepted and not used.
  params.optional("PresignedUrl");
  if (!isRegion(region)) throw invalidValue(`Value (${region}) for parameter sourceRegion is invalid.`);
  // "The snapshot copy is sent to the regional endpoint that you sent the HTTP request to"; the parameter is for signing only.
  if (destination !== undefined && destination !== call.region) {
    throw invalidValue(
      `Value (${destination}) for parameter destinationRegion is invalid: the request went to ${call.region}`,
    );
  }
  checkId("snapshot", id, "sourceSnapshotId");
  const encrypted = params.boolean("Encrypted");
  if (encrypted === false)
    throw invalidValue("Value (false) for parameter encrypted is invalid. You cannot set it to false.");
  const minutes = params.integer("CompletionDurationMinutes");
  // EBS user guide, "Time-based copies": 15 minutes to 48 hours, in steps of 15 minutes.
  if (minutes !== undefined && (minutes < 15 || minutes > 2880 || minutes % 15 !== 0)) {
    throw invalidValue(`Value (${minutes}) for parameter completionDurationMinutes is invalid.`);
  }
  return {
    region,
    id,
    description: params.optional("Description") ?? "",
    encrypted,
    key: params.optional("KmsKeyId"),
    minutes,
  };
}

/** The copies in progress into the region, whoever started them: 20, error and message as seen in the field. */
function checkSlots(call: Call): void {
  const { copySlots } = call.settings;
  const taken = [...call.shelf.unfinished.values()].filter((one) => one.copy && one.state === "pending").length;
  if (taken >= copySlots) {
    const message = `Too many snapshot copies in progress. The limit is ${copySlots} for this destination region.`;
    throw new Ec2Error("ResourceLimitExceeded", message);
  }
}

/**
 * API_CopySnapshot, called in the destination region. Only completed snapshots can be copied (EBS user guide, "Copy an
 * Amazon EBS snapshot"; the code is CreateVolume's, documented, not recorded). A source that does not exist is found out
 * later: the copy is pending, fails with an event and is gone (event example of the guide; seen in the field:
 * hashicorp/terraform-provider-aws#3086). So is a key of either region that cannot be used: the copy ends in `error`.
 */
export function copySnapshot(call: Call, params: Params): Commit {
  const request = readCopy(call, params);
  const { snapshot: tags } = readTagSpecifications(params, ["snapshot"]);
  const source = call.store.shelf(request.region).snapshots.get(request.id);
  if (source && source.state !== "completed") {
    throw new Ec2Error("IncorrectState", `Snapshot is in invalid state - ${source.state}`);
  }
  // The destination's default key, not the source's: "encrypted snapshot copies use the default KMS key" unless one is named.
  const key = encryption(call, request, source && { encrypted: source.encrypted });
  checkSlots(call);
  return () => {
    const { copyMillis } = call.settings;
    const copy: Snapshot = {
      kind: "snapshot",
      id: freshId("snap"),
      seq: call.store.nextSeq(),
      region: call.region,
      tags,
      state: "pending",
      volume: ARBITRARY_VOLUME,
      size: source?.size ?? 0,
      description: request.description,
      ...key,
      ...(source?.kmsKeyId === undefined ? {} : { sourceKeyToCheck: source.kmsKeyId }),
      startedAt: call.now,
      dueAt: call.now + copyMillis,
      writtenBytes: source?.writtenBytes ?? 0,
      lineage: source?.lineage ?? request.id,
      copy: {
        region: request.region,
        snapshot: request.id,
        transfer: request.minutes === undefined ? "standard" : "time-based",
        ...(request.minutes === undefined ? {} : { minutes: request.minutes }),
        incremental: false,
      },
      ...(source?.content === undefined ? {} : { content: source.content }),
      ...failing(call, "copySnapshot"),
      ...(source ? {} : { failure: SOURCE_NOT_VALID, deleted: true }),
      ...(source && call.keysRefused ? { failure: KEY_NOT_ACCESSIBLE } : {}),
    };
    call.store.commit([{ put: copy }]);
    return leaf("snapshotId", copy.id) + tagSet(tags);
  };
}
