import { describeInstanceAttribute, modifyInstanceAttribute } from "./attributes.js";
import type { Action } from "./call.js";
import { copySnapshot } from "./copies.js";
import { describeInstanceStatus, describeInstances } from "./describe-instances.js";
import { describeSnapshots } from "./describe-snapshots.js";
import { describeImages } from "./images.js";
import { startInstances, stopInstances, terminateInstances } from "./instance-state.js";
import { runInstances } from "./instances.js";
import { describeLockedSnapshots, lockSnapshot, unlockSnapshot } from "./locks.js";
import { NETWORK_ACTIONS } from "./network/actions.js";
import { createImage, deregisterImage, disableImage, enableImage, registerImage } from "./own-images.js";
import { describeRegions, describeZones } from "./regions.js";
import { createSnapshot, createSnapshots, deleteSnapshot } from "./snapshots.js";
import { createTags, deleteTags, describeTags } from "./tags.js";
import { attachVolume, createVolume, deleteVolume, describeVolumes, detachVolume, modifyVolume } from "./volumes.js";

/** All that this EC2 can do. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  ...NETWORK_ACTIONS,
  AttachVolume: attachVolume,
  CopySnapshot: copySnapshot,
  CreateImage: createImage,
  CreateSnapshot: createSnapshot,
  CreateSnapshots: createSnapshots,
  CreateTags: createTags,
  CreateVolume: createVolume,
  DeleteSnapshot: deleteSnapshot,
  DeleteTags: deleteTags,
  DeleteVolume: deleteVolume,
  DeregisterImage: deregisterImage,
  DescribeAvailabilityZones: describeZones,
  DescribeImages: describeImages,
  DescribeInstanceAttribute: describeInstanceAttribute,
  DescribeInstances: describeInstances,
  DescribeInstanceStatus: describeInstanceStatus,
  DescribeLockedSnapshots: describeLockedSnapshots,
  DescribeRegions: describeRegions,
  DescribeSnapshots: describeSnapshots,
  DescribeTags: describeTags,
  DescribeVolumes: describeVolumes,
  DetachVolume: detachVolume,
  DisableImage: disableImage,
  EnableImage: enableImage,
  LockSnapshot: lockSnapshot,
  ModifyInstanceAttribute: modifyInstanceAttribute,
  ModifyVolume: modifyVolume,
  RegisterImage: registerImage,
  RunInstances: runInstances,
  StartInstances: startInstances,
  StopInstances: stopInstances,
  TerminateInstances: terminateInstances,
  UnlockSnapshot: unlockSnapshot,
};
