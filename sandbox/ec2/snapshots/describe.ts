import type { Call, Commit } from "../call.js";
import { checkId, notFound } from "../state/ids.js";
import type { Snapshot } from "../state/model.js";
import { Ec2Error } from "../wire/errors.js";
import { type FilterTable, readFilters, tagsOf } from "../wire/filters.js";
import { cut, readPage } from "../wire/paging.js";
import type { Params } from "../wire/protocol.js";
import { list, timestamp } from "../wire/xml.js";
import { progress, snapshotXml } from "./xml.js";

const filters = (call: Call): FilterTable<Snapshot> => ({
  description: (row) => row.description,
  encrypted: (row) => row.encrypted,
  // Only Amazon's own snapshots have an alias, and the sandbox has none of those.
  "owner-alias": () => undefined,
  "owner-id": () => call.context.account,
  progress: (row) => progress(row, call.now),
  "snapshot-id": (row) => row.id,
  "start-time": (row) => timestamp(row.startedAt),
  status: (row) => row.state,
  "storage-tier": () => "standard",
  "transfer-type": (row) => row.copy?.transfer,
  "volume-id": (row) => row.volume,
  "volume-size": (row) => row.size,
});

/**
 * Whether snapshots of this account can be in the answer. All snapshots here are private and the account's own: others own
 * none, and none is public or shared (API_DescribeSnapshots: OwnerIds, RestorableByUserIds).
 */
function ownAreWanted(call: Call, params: Params): boolean {
  const { account } = call.context;
  const owners = params.strings("Owner");
  const restorers = params.strings("RestorableBy");
  for (const user of [...owners, ...restorers]) {
    if (!/^(self|amazon|all|\d{12})$/.test(user))
      throw new Ec2Error("InvalidUserID.Malformed", `Invalid user id: "${user}"`);
  }
  // Whether the owner counts as one of those that a snapshot was shared with is not documented, so it is not guessed.
  if (restorers.includes(account)) {
    throw new Ec2Error(
      "UnsupportedOperation",
      "RestorableByUserIds with the own account ID is not supported; use self",
    );
  }
  const owned = owners.length === 0 || owners.includes("self") || owners.includes(account);
  return owned && (restorers.length === 0 || restorers.includes("self"));
}

/** API_DescribeSnapshots. A snapshot that is unknown is an error; one id or many. */
export function describeSnapshots(call: Call, params: Params): Commit {
  const ids = [...new Set(params.strings("SnapshotId"))];
  const wanted = ownAreWanted(call, params);
  const keep = readFilters(params, filters(call), tagsOf);
  const page = readPage(call, params, { over: "clamp", ...(ids.length > 0 ? { ids: "snapshotSet" } : {}) });
  for (const id of ids) checkId("snapshot", id, "snapshotId");
  const isVisible = ({ startedAt }: Snapshot) => startedAt + call.settings.visibleMillis <= call.now;
  const named = ids.flatMap((id) => call.shelf.snapshots.get(id) ?? []).filter(isVisible);
  const missing = ids.filter((id) => !named.some((one) => one.id === id));
  if (missing.length > 0) throw notFound("snapshot", missing);
  return () => {
    if (!wanted) return list("snapshotSet", []);
    const rows = ids.length > 0 ? named : call.shelf.snapshots.after(Number(page.after));
    const found = cut(
      rows,
      page,
      (row) => isVisible(row) && keep(row),
      (row) => String(row.seq),
    );
    return (
      list(
        "snapshotSet",
        found.rows.map((row) => snapshotXml(row, call, "describe")),
      ) + found.next
    );
  };
}
