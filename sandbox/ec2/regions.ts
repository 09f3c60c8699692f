import type { Call, Commit } from "./call.js";
import { invalidValue } from "./wire/errors.js";
import type { FilterTable } from "./wire/filters.js";
import { readFilters } from "./wire/filters.js";
import type { Params } from "./wire/protocol.js";
import { leaf, list } from "./wire/xml.js";
import { findZone, type Zone, zonesOf } from "./zones.js";

/** Regions that every account has; opt-in ones follow (AWS general reference, "Amazon EC2 endpoints"). */
const DEFAULT_REGIONS = [
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
  "ca-central-1",
  "sa-east-1",
  "eu-central-1",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "eu-north-1",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-south-1",
  "ap-southeast-1",
  "ap-southeast-2",
];
const OPT_IN_REGIONS = [
  "af-south-1",
  "ap-east-1",
  "ap-south-2",
  "ap-southeast-3",
  "ap-southeast-4",
  "ap-southeast-5",
  "ap-southeast-7",
  "ca-west-1",
  "eu-central-2",
  "eu-south-1",
  "eu-south-2",
  "il-central-1",
  "me-central-1",
  "me-south-1",
  "mx-central-1",
];

interface RegionRow {
  readonly name: string;
  readonly optIn: string;
}

/** The sandbox's account has opted in everywhere. */
const REGIONS: readonly RegionRow[] = [
  ...DEFAULT_REGIONS.map((name) => ({ name, optIn: "opt-in-not-required" })),
  ...OPT_IN_REGIONS.map((name) => ({ name, optIn: "opted-in" })),
];

export const isRegion = (name: string): boolean => REGIONS.some((region) => region.name === name);

const endpoint = (region: RegionRow): string => `ec2.${region.name}.amazonaws.com`;

const regionFilters: FilterTable<RegionRow> = {
  "region-name": (region) => region.name,
  endpoint,
  "opt-in-status": (region) => region.optIn,
};

/** API_DescribeRegions: not paged. */
export function describeRegions(_call: Call, params: Params): Commit {
  const names = params.strings("RegionName");
  params.boolean("AllRegions");
  const keep = readFilters(params, regionFilters);
  for (const name of names) if (!isRegion(name)) throw invalidValue(`Invalid region: [${name}]`);
  return () => {
    const rows = REGIONS.filter((region) => (names.length === 0 || names.includes(region.name)) && keep(region));
    const items = rows.map(
      (region) =>
        leaf("regionName", region.name) + leaf("regionEndpoint", endpoint(region)) + leaf("optInStatus", region.optIn),
    );
    return list("regionInfo", items);
  };
}

const zoneFilters: FilterTable<Zone> = {
  "zone-name": (zone) => zone.name,
  "zone-id": (zone) => zone.id,
  "region-name": (zone) => zone.region,
  state: () => "available",
  "zone-type": () => "availability-zone",
  "opt-in-status": () => "opt-in-not-required",
  "group-name": (zone) => zone.region,
};

/** API_DescribeAvailabilityZones: not paged. */
export function describeZones(call: Call, params: Params): Commit {
  const names = params.strings("ZoneName");
  const ids = params.strings("ZoneId");
  params.boolean("AllAvailabilityZones");
  const keep = readFilters(params, zoneFilters);
  for (const name of names) findZone(call.region, name, undefined);
  for (const id of ids) findZone(call.region, undefined, id);
  return () => {
    const rows = zonesOf(call.region).filter(
      (zone) =>
        (names.length === 0 || names.includes(zone.name)) && (ids.length === 0 || ids.includes(zone.id)) && keep(zone),
    );
    const items = rows.map(
      (zone) =>
        leaf("optInStatus", "opt-in-not-required") +
        list("messageSet", []) +
        leaf("regionName", zone.region) +
        leaf("zoneName", zone.name) +
        leaf("zoneId", zone.id) +
        leaf("groupName", zone.region) +
        leaf("networkBorderGroup", zone.region) +
        leaf("zoneType", "availability-zone") +
        leaf("zoneState", "available"),
    );
    return list("availabilityZoneInfo", items);
  };
}
