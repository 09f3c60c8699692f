import type { Call, Commit } from "./call.js";
import { Ec2Error } from "./errors.js";
import { type FilterTable, readFilters } from "./filters.js";
import { checkId, derivedId } from "./ids.js";
import { cut, readPage } from "./paging.js";
import type { Params } from "./protocol.js";
import { branch, leaf, list } from "./xml.js";

export interface Image {
  readonly id: string;
  readonly name: string;
  readonly architecture: "x86_64" | "arm64";
  readonly rootDevice: string;
  readonly rootSize: number;
  /** Amazon's own, not to be described: as with public AMIs, the account does not own it. */
  readonly rootSnapshot: string;
}

const AMAZON = "137112412989";
const CREATED = "2025-11-17T00:00:00.000Z";

const image = (region: string, id: string, architecture: Image["architecture"], name = `sandbox-${id}`): Image => ({
  id,
  name,
  architecture,
  rootDevice: "/dev/xvda",
  rootSize: 8,
  rootSnapshot: derivedId("snap", region, id),
});

/** The AMIs that a search finds: Amazon Linux 2023, one per architecture. */
const catalogue = (region: string): Image[] =>
  (["x86_64", "arm64"] as const).map((architecture) => {
    const name = `al2023-ami-2023.9.20251117.1-kernel-6.1-${architecture}`;
    return image(region, derivedId("ami", region, name), architecture, name);
  });

/**
 * Any well-formed AMI id is an AMI: Linux, with an empty root volume of 8 GiB at /dev/xvda. So programs written for AWS run
 * with the AMI ids they have.
 */
export function findImage(region: string, id: string): Image {
  checkId("image", id, "imageId");
  return catalogue(region).find((one) => one.id === id) ?? image(region, id, "x86_64");
}

const filters: FilterTable<Image> = {
  architecture: (row) => row.architecture,
  "block-device-mapping.device-name": (row) => row.rootDevice,
  "block-device-mapping.snapshot-id": (row) => row.rootSnapshot,
  "block-device-mapping.volume-size": (row) => row.rootSize,
  "block-device-mapping.volume-type": () => "gp3",
  "block-device-mapping.encrypted": () => false,
  "creation-date": () => CREATED,
  "ena-support": () => true,
  hypervisor: () => "xen",
  "image-id": (row) => row.id,
  "image-type": () => "machine",
  "is-public": () => true,
  name: (row) => row.name,
  "owner-alias": () => "amazon",
  "owner-id": () => AMAZON,
  "root-device-name": (row) => row.rootDevice,
  "root-device-type": () => "ebs",
  state: () => "available",
  "virtualization-type": () => "hvm",
};

/** API_DescribeImages: those asked for by id, else the catalogue. All are Amazon's. */
export function describeImages(call: Call, params: Params): Commit {
  const ids = [...new Set(params.strings("ImageId"))];
  const owners = params.strings("Owner");
  params.boolean("IncludeDeprecated");
  params.boolean("IncludeDisabled");
  // None of them carries a tag that this account could see.
  const keep = readFilters(params, filters, () => ({}));
  const page = readPage(call, params, { over: "refuse", ...(ids.length > 0 ? { ids: "imageIdSet" } : {}) });
  for (const owner of owners) {
    if (!/^(self|amazon|aws-marketplace|aws-backup-vault|\d{12})$/.test(owner)) {
      throw new Ec2Error("InvalidUserID.Malformed", `Invalid user id: "${owner}"`);
    }
  }
  const images = ids.length > 0 ? ids.map((id) => findImage(call.region, id)) : catalogue(call.region);
  return () => {
    const wanted = owners.length === 0 || owners.includes("amazon") || owners.includes(AMAZON);
    const rows = images.map((one, i) => ({ one, at: String(i) })).slice(page.after === "" ? 0 : Number(page.after) + 1);
    const found = cut(
      rows,
      page,
      ({ one }) => wanted && keep(one),
      (row) => row.at,
    );
    return (
      list(
        "imagesSet",
        found.rows.map(({ one }) => imageXml(one)),
      ) + found.next
    );
  };
}

const imageXml = (one: Image): string =>
  leaf("imageId", one.id) +
  leaf("imageLocation", `amazon/${one.name}`) +
  leaf("imageState", "available") +
  leaf("imageOwnerId", AMAZON) +
  leaf("creationDate", CREATED) +
  leaf("isPublic", true) +
  leaf("architecture", one.architecture) +
  leaf("imageType", "machine") +
  leaf("platformDetails", "Linux/UNIX") +
  leaf("usageOperation", "RunInstances") +
  leaf("imageOwnerAlias", "amazon") +
  leaf("name", one.name) +
  leaf("description", "Amazon Linux of the sandbox, with an empty disk") +
  leaf("rootDeviceType", "ebs") +
  leaf("rootDeviceName", one.rootDevice) +
  list("blockDeviceMapping", [
    leaf("deviceName", one.rootDevice) +
      branch(
        "ebs",
        leaf("snapshotId", one.rootSnapshot) +
          leaf("volumeSize", one.rootSize) +
          leaf("deleteOnTermination", true) +
          leaf("volumeType", "gp3") +
          leaf("encrypted", false),
      ),
  ]) +
  leaf("virtualizationType", "hvm") +
  leaf("hypervisor", "xen") +
  leaf("enaSupport", true) +
  leaf("bootMode", "uefi-preferred");
