import type { Call, Commit } from "../call.js";
import type { Instance } from "../state/model.js";
import { type FilterTable, readFilters, tagsOf } from "../wire/filters.js";
import { cut, readPage } from "../wire/paging.js";
import type { Params } from "../wire/protocol.js";
import { branch, leaf, list, timestamp } from "../wire/xml.js";
import { zonesOf } from "../zones.js";
import { findInstances } from "./change-state.js";
import { volumesOf } from "./terminate.js";
import { profileArn, publicName, reservationXml, STATE_CODES, stateXml } from "./xml.js";

const zoneId = (instance: Instance): string | undefined =>
  zonesOf(instance.region).find((zone) => zone.name === instance.zone)?.id;

function filters(call: Call): FilterTable<Instance> {
  const attachments = (row: Instance) => volumesOf(call.store, row).flatMap((volume) => volume.attachment ?? []);
  return {
    architecture: (row) => row.architecture,
    "availability-zone": (row) => row.zone,
    "availability-zone-id": zoneId,
    "block-device-mapping.attach-time": (row) => attachments(row).map((one) => timestamp(one.at)),
    "block-device-mapping.delete-on-termination": (row) => attachments(row).map((one) => one.deleteOnTermination),
    "block-device-mapping.device-name": (row) => attachments(row).map((one) => one.device),
    "block-device-mapping.status": (row) => attachments(row).map(() => "attached"),
    "block-device-mapping.volume-id": (row) => volumesOf(call.store, row).map((volume) => volume.id),
    "client-token": (row) => row.token?.token,
    hypervisor: () => "xen",
    "iam-instance-profile.arn": (row) => row.profile && profileArn(call, row.profile),
    "image-id": (row) => row.image,
    "instance-id": (row) => row.id,
    // Only spot, scheduled and capacity-block instances have a lifecycle.
    "instance-lifecycle": (row) => (row.spot === undefined ? undefined : "spot"),
    "spot-instance-request-id": (row) => row.spot,
    "instance-state-code": (row) => STATE_CODES[row.state],
    "instance-state-name": (row) => row.state,
    "instance-type": (row) => row.type,
    "dns-name": (row) => publicName(call, row),
    "instance.group-id": (row) => row.securityGroups,
    "instance.group-name": (row) => row.securityGroups.map((id) => call.shelf.groups.get(id)?.name),
    "ip-address": (row) => row.publicIp,
    "launch-index": (row) => row.launchIndex,
    "launch-time": (row) => timestamp(row.launchedAt),
    "owner-id": () => call.context.account,
    // Only Windows has a platform.
    platform: () => undefined,
    "platform-details": () => "Linux/UNIX",
    "private-ip-address": (row) => row.privateIp,
    "reservation-id": (row) => row.reservation,
    "root-device-name": (row) => row.rootDevice,
    "root-device-type": () => "ebs",
    "subnet-id": (row) => row.subnet,
    "virtualization-type": () => "hvm",
    "vpc-id": (row) => row.vpc,
  };
}

/** API_DescribeInstances: paged by instance, grouped by reservation within the page. */
export function describeInstances(call: Call, params: Params): Commit {
  const ids = [...new Set(params.strings("InstanceId"))];
  const keep = readFilters(params, filters(call), tagsOf);
  const page = readPage(call, params, { over: "refuse", ...(ids.length > 0 ? { ids: "instancesSet" } : {}) });
  const named = findInstances(call, ids);
  return () => {
    const rows = ids.length > 0 ? named : call.shelf.instances.after(Number(page.after));
    const found = cut(rows, page, keep, (row) => String(row.seq));
    const reservations = Map.groupBy(found.rows, (row) => row.reservation);
    const items = [...reservations].map(([id, instances]) => reservationXml(call, id, instances, "describe"));
    return list("reservationSet", items) + found.next;
  };
}

const statusFilters: FilterTable<Instance> = {
  "availability-zone": (row) => row.zone,
  "availability-zone-id": zoneId,
  "instance-state-code": (row) => STATE_CODES[row.state],
  "instance-state-name": (row) => row.state,
  "instance-status.status": () => "ok",
  "instance-status.reachability": () => "passed",
  "system-status.status": () => "ok",
  "system-status.reachability": () => "passed",
};

const summary = (name: string, status: string): string => {
  const details = status === "ok" ? [leaf("name", "reachability") + leaf("status", "passed")] : [];
  return branch(name, leaf("status", status) + list("details", details));
};

/** API_DescribeInstanceStatus: running instances only, unless IncludeAllInstances. */
export function describeInstanceStatus(call: Call, params: Params): Commit {
  const ids = [...new Set(params.strings("InstanceId"))];
  const all = params.boolean("IncludeAllInstances") ?? false;
  const keep = readFilters(params, statusFilters);
  const page = readPage(call, params, { over: "refuse", ...(ids.length > 0 ? { ids: "instancesSet" } : {}) });
  const named = findInstances(call, ids);
  return () => {
    const rows = ids.length > 0 ? named : call.shelf.instances.after(Number(page.after));
    const shown = (row: Instance): boolean => (all || row.state === "running") && keep(row);
    const found = cut(rows, page, shown, (row) => String(row.seq));
    const items = found.rows.map((row) => {
      const status = row.state === "running" ? "ok" : "not-applicable";
      return (
        leaf("instanceId", row.id) +
        leaf("availabilityZone", row.zone) +
        stateXml("instanceState", row.state) +
        summary("systemStatus", status) +
        summary("instanceStatus", status)
      );
    });
    return list("instanceStatusSet", items) + found.next;
  };
}
