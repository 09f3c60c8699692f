import type * as sdk from "@aws-sdk/client-fsx";
import type { Call } from "../call.js";
import { notFound } from "../errors.js";
import { filterOf } from "../filters.js";
import { page } from "../paging.js";
import type { Backup } from "../state/model.js";
import { show } from "./show.js";

/** API_Filter: what DescribeBackups can be asked for; the other names are those of other calls. */
const FILTERS: Readonly<Record<string, (backup: Backup) => string | undefined>> = {
  "file-system-id": ({ fileSystem, volume }) => fileSystem?.FileSystemId ?? volume?.FileSystemId,
  "backup-type": ({ type }) => type,
  "file-system-type": ({ fileSystemType }) => fileSystemType,
  "volume-id": ({ volume }) => volume?.VolumeId,
};

/** API_DescribeBackups: ids override filters, and one that there is not fails the call. */
export function describeBackups(call: Call, request: sdk.DescribeBackupsRequest): sdk.DescribeBackupsResponse {
  const { BackupIds: ids = [] } = request;
  const keep = ids.length > 0 ? () => true : filterOf(request.Filters, FILTERS);
  const all = ids.length > 0 ? [...new Set(ids)].map((id) => find(call, id)) : call.store.backups(call.region);
  const { rows, next } = page(call, request, all, ({ id }) => id, keep);
  return { Backups: rows.map((one) => show(call, one)), ...next };
}

function find({ store, region }: Call, id: string): Backup {
  const found = store.find("backup", region, id);
  if (!found) throw notFound("backup", id);
  return found;
}
