import type { Action } from "./call.js";
import { describeImages } from "./images/images.js";
import { createImage, deregisterImage, disableImage, enableImage, registerImage } from "./images/own.js";
import { describeInstanceAttribute, modifyInstanceAttribute } from "./instances/attributes.js";
import { startInstances, stopInstances, terminateInstances } from "./instances/change-state.js";
import { describeInstanceStatus, describeInstances } from "./instances/describe.js";
import { runInstances } from "./instances/run.js";
import { NETWORK_ACTIONS } from "./network/actions.js";
import { describeRegions, describeZones } from "./regions.js";
import { copySnapshot } from "./snapshots/copies.js";
import { describeSnapshots } from "./snapshots/describe.js";
import { describeLockedSnapshots, lockSnapshot, unlockSnapshot } from "./snapshots/locks.js";
import { createSnapshot, createSnapshots, deleteSnapshot } from "./snapshots/snapshots.js";
import { createTags, deleteTags, describeTags } from "./tags.js";
import {
  attachVolume,
  createVolume,
  deleteVolume,
  describeVolumes,
  detachVolume,
  modifyVolume,
} from "./volumes/volumes.js";

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
