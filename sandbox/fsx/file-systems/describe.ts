import type * as sdk from "@aws-sdk/client-fsx";
import { arnOf } from "../arns.js";
import type { Call } from "../call.js";
import { badRequest, notFound } from "../errors.js";
import { page } from "../paging.js";
import type { FileSystem } from "../state/model.js";
import { tagList } from "../tags.js";
import { lifecycleOf } from "./lifecycle.js";

/** A file system as the API shows it. */
export const show = ({ context, now }: Call, one: FileSystem): sdk.FileSystem => ({
  OwnerId: context.account,
  CreationTime: new Date(one.createdAt),
  FileSystemId: one.id,
  FileSystemType: one.type,
  Lifecycle: lifecycleOf(one, now),
  ...one.described,
  ResourceARN: arnOf(context.account, one),
  Tags: tagList(one.tags),
});

/** API_DescribeFileSystems: one id that there is not fails the call. */
export function describeFileSystems(
  call: Call,
  request: sdk.DescribeFileSystemsRequest,
): sdk.DescribeFileSystemsResponse {
  const { FileSystemIds: ids = [] } = request;
  const all = ids.length > 0 ? ids.map((id) => findFileSystem(call, id)) : call.store.fileSystems(call.region);
  const { rows, next } = page(call, request, all, ({ id }) => id);
  return { FileSystems: rows.map((one) => show(call, one)), ...next };
}

export function findFileSystem({ store, region }: Call, id: string | undefined): FileSystem {
  if (id === undefined) throw badRequest("FileSystemId is missing");
  const found = store.find("file-system", region, id);
  if (!found) throw notFound("file-system", id);
  return found;
}
