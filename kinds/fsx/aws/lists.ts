import {
  type Backup,
  type FileSystem,
  type FSxClient,
  paginateDescribeBackups,
  paginateDescribeFileSystems,
  paginateDescribeVolumes,
  paginateListTagsForResource,
  type Tag,
  type Volume,
} from "@aws-sdk/client-fsx";
import pMap from "p-map";
import type { BackupRecord } from "../backups.js";
import { backupRecord, must } from "./describe.js";

/** Lists of FSx in a region, each read whole, over all its pages: a short one may have a token all the same. */

const NO_LIST = "no list";

/** All backups of the account, whoever made them: those of others take slots and count towards the quotas too. */
export async function readBackups(client: FSxClient, abortSignal: AbortSignal): Promise<BackupRecord[]> {
  const found: Backup[] = [];
  for await (const page of paginateDescribeBackups({ client }, {}, { abortSignal }))
    found.push(...must(page.Backups, NO_LIST));
  return found.map(backupRecord);
}

export async function readFileSystems(client: FSxClient, abortSignal: AbortSignal): Promise<FileSystem[]> {
  const found: FileSystem[] = [];
  for await (const page of paginateDescribeFileSystems({ client }, {}, { abortSignal }))
    found.push(...must(page.FileSystems, NO_LIST));
  return found;
}

export async function readVolumes(client: FSxClient, abortSignal: AbortSignal): Promise<Volume[]> {
  const found: Volume[] = [];
  for await (const page of paginateDescribeVolumes({ client }, {}, { abortSignal }))
    found.push(...must(page.Volumes, NO_LIST));
  return found;
}

/** Volumes that are asked for their tags at the same time. */
const TAGS_AT_ONCE = 4;

/**
 * Volumes with their tags: DescribeVolumes tells none, although its answer has a place for them (hashicorp/terraform-provider-aws,
 * `ontap_volume.go`; aws-sdk-rust#1231; recorded).
 */
export const withTags = (
  client: FSxClient,
  volumes: readonly Volume[],
  abortSignal: AbortSignal,
): Promise<readonly Volume[]> =>
  pMap(
    volumes,
    async (volume) => {
      if (volume.Tags !== undefined || volume.VolumeType !== "ONTAP") return volume;
      const ResourceARN = must(volume.ResourceARN, `${volume.VolumeId} without an ARN`);
      const Tags: Tag[] = [];
      for await (const page of paginateListTagsForResource({ client }, { ResourceARN }, { abortSignal }))
        Tags.push(...must(page.Tags, NO_LIST));
      return { ...volume, Tags };
    },
    { concurrency: TAGS_AT_ONCE },
  );
