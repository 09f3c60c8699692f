import type { Call, Commit } from "../call.js";
import { checkId, derivedId, notFound } from "../state/ids.js";
import type { Architecture, ImageDevice, OwnImage } from "../state/model.js";
import type { Shelf } from "../state/store.js";
import { tagSet } from "../tags.js";
import { Ec2Error } from "../wire/errors.js";
import { type FilterTable, readFilters } from "../wire/filters.js";
import { cut, readPage } from "../wire/paging.js";
import type { Params } from "../wire/protocol.js";
import { branch, leaf, list } from "../wire/xml.js";

/** An AMI as launches and lists see it. */
export interface Image {
  readonly id: string;
  readonly name: string;
  readonly architecture: Architecture;
  readonly rootDevice: string;
  /** Of Amazon's. */
  readonly rootSize: number;
  /** Of Amazon's, not to be described: as with public AMIs, the account does not own it. */
  readonly rootSnapshot: string;
  /** Of the account's own; Amazon's have none but the root. */
  readonly devices: readonly ImageDevice[];
  readonly own?: OwnImage;
}

type ImageState = "pending" | "available" | "failed" | "disabled";

const AMAZON = "137112412989";
const CREATED = "2025-11-17T00:00:00.000Z";

const image = (region: string, id: string, architecture: Architecture, name = `sandbox-${id}`): Image => ({
  id,
  name,
  architecture,
  rootDevice: "/dev/xvda",
  rootSize: 8,
  rootSnapshot: derivedId("snap", region, id),
  devices: [],
});

function asImage(own: OwnImage): Image {
  const { id, name, architecture, rootDevice, devices } = own;
  const root = devices.find((device) => device.name === rootDevice);
  const rootDisk = { rootSize: root?.size ?? 0, rootSnapshot: root?.snapshot ?? "" };
  return { id, name, architecture, rootDevice, devices, ...rootDisk, own };
}

/** The AMIs that a search finds: Amazon Linux 2023, one per architecture. */
const catalogue = (region: string): Image[] =>
  (["x86_64", "arm64"] as const).map((architecture) => {
    const name = `al2023-ami-2023.9.20251117.1-kernel-6.1-${architecture}`;
    return image(region, derivedId("ami", region, name), architecture, name);
  });

/** One of CreateImage is available when all its snapshots are completed, and failed when one of them has (API_Image, State). */
function stateOf(shelf: Shelf, own: OwnImage | undefined): ImageState {
  if (own === undefined) return "available";
  if (own.disabled) return "disabled";
  const states = own.devices.map(({ snapshot }) => shelf.snapshots.get(snapshot)?.state ?? "error");
  if (states.includes("error")) return "failed";
  return states.includes("pending") ? "pending" : "available";
}

/**
 * The AMI that keeps a snapshot from being deleted: any of its disks counts, and a disabled one too (EC2 user guide, "Disable an
 * AMI"). One that failed holds nothing.
 */
export const imageUsing = (shelf: Shelf, snapshot: string): OwnImage | undefined =>
  [...shelf.images.after()].find(
    (own) =>
      !own.deregistered &&
      own.devices.some((device) => device.snapshot === snapshot) &&
      stateOf(shelf, own) !== "failed",
  );

/** EC2 developer guide, "Error codes for the Amazon EC2 API"; the message is from the field. */
export const noLonger = (id: string): Ec2Error =>
  new Ec2Error("InvalidAMIID.Unavailable", `The image ID '${id}' is no longer available`);

/**
 * An AMI to launch. Any well-formed id that was never one of ours is an AMI: Linux, with an empty root volume of 8 GiB at /dev/xvda.
 * So programs written for AWS run with the AMI ids they have.
 */
export function findImage({ region, shelf }: Pick<Call, "region" | "shelf">, id: string): Image {
  checkId("image", id, "imageId");
  const own = shelf.images.get(id);
  if (own && (own.deregistered || stateOf(shelf, own) !== "available")) throw noLonger(id);
  return own ? asImage(own) : publicImage(region, id);
}

const publicImage = (region: string, id: string): Image =>
  catalogue(region).find((one) => one.id === id) ?? image(region, id, "x86_64");

const filtersFor = ({ shelf, context }: Call): FilterTable<Image> => ({
  architecture: (row) => row.architecture,
  "block-device-mapping.device-name": (row) => devicesOf(row).map(({ name }) => name),
  "block-device-mapping.snapshot-id": (row) => devicesOf(row).map(({ snapshot }) => snapshot),
  "block-device-mapping.volume-size": (row) => devicesOf(row).map(({ size }) => size),
  "block-device-mapping.volume-type": (row) => devicesOf(row).map(({ type }) => type),
  "creation-date": createdOf,
  "ena-support": (row) => row.own?.ena ?? true,
  hypervisor: () => "xen",
  "image-id": (row) => row.id,
  "image-type": () => "machine",
  "is-public": (row) => !row.own,
  name: (row) => row.name,
  "owner-alias": (row) => (row.own ? undefined : "amazon"),
  "owner-id": (row) => (row.own ? context.account : AMAZON),
  "root-device-name": (row) => row.rootDevice,
  "root-device-type": () => "ebs",
  state: (row) => stateOf(shelf, row.own),
  "virtualization-type": (row) => row.own?.virtualization ?? "hvm",
});

const createdOf = ({ own }: Image): string => (own ? new Date(own.createdAt).toISOString() : CREATED);

function devicesOf({ devices, rootDevice, rootSnapshot, rootSize, own }: Image): readonly ImageDevice[] {
  if (own) return devices;
  return [{ name: rootDevice, snapshot: rootSnapshot, size: rootSize, type: "gp3", deleteOnTermination: true }];
}

/** API_DescribeImages: those asked for by id, else the account's own and the catalogue, which is Amazon's. */
export function describeImages(call: Call, params: Params): Commit {
  const { region, shelf, context } = call;
  const ids = [...new Set(params.strings("ImageId"))];
  const owners = params.strings("Owner");
  params.boolean("IncludeDeprecated");
  // "Default: No disabled AMIs are included in the response."
  const includesDisabled = params.boolean("IncludeDisabled") ?? false;
  const keep = readFilters(params, filtersFor(call), (row) => row.own?.tags ?? {});
  const page = readPage(call, params, { over: "refuse", ...(ids.length > 0 ? { ids: "imageIdSet" } : {}) });
  for (const owner of owners) {
    if (!/^(self|amazon|aws-marketplace|aws-backup-vault|\d{12})$/.test(owner)) {
      throw new Ec2Error("InvalidUserID.Malformed", `Invalid user id: "${owner}"`);
    }
  }
  const ofOwners = ({ own }: Image): boolean =>
    owners.length === 0 ||
    owners.some((owner) => (own ? [context.account, "self"] : [AMAZON, "amazon"]).includes(owner));
  const images = ids.length > 0 ? ids.map((id) => named(call, id)) : [...ownImages(shelf), ...catalogue(region)];
  return () => {
    const rows = images.map((one, i) => ({ one, at: String(i) })).slice(page.after === "" ? 0 : Number(page.after) + 1);
    const found = cut(
      rows,
      page,
      ({ one }) => ofOwners(one) && (includesDisabled || !one.own?.disabled) && keep(one),
      (row) => row.at,
    );
    return (
      list(
        "imagesSet",
        found.rows.map(({ one }) => imageXml(call, one)),
      ) + found.next
    );
  };
}

const ownImages = (shelf: Shelf): Image[] => [...shelf.images.after()].filter((own) => !own.deregistered).map(asImage);

function named({ region, shelf }: Call, id: string): Image {
  checkId("image", id, "imageId");
  const own = shelf.images.get(id);
  if (own?.deregistered) throw notFound("image", [id]);
  return own ? asImage(own) : publicImage(region, id);
}

const imageXml = ({ shelf, context }: Call, one: Image): string =>
  leaf("imageId", one.id) +
  leaf("imageLocation", `${one.own ? context.account : "amazon"}/${one.name}`) +
  leaf("imageState", stateOf(shelf, one.own)) +
  leaf("imageOwnerId", one.own ? context.account : AMAZON) +
  leaf("creationDate", createdOf(one)) +
  leaf("isPublic", !one.own) +
  leaf("architecture", one.architecture) +
  leaf("imageType", "machine") +
  leaf("platformDetails", "Linux/UNIX") +
  leaf("usageOperation", "RunInstances") +
  (one.own ? "" : leaf("imageOwnerAlias", "amazon")) +
  leaf("name", one.name) +
  leaf("description", one.own ? one.own.description : "Amazon Linux of the sandbox, with an empty disk") +
  leaf("rootDeviceType", "ebs") +
  leaf("rootDeviceName", one.rootDevice) +
  list(
    "blockDeviceMapping",
    devicesOf(one).map((device) => deviceXml(shelf, device)),
  ) +
  leaf("virtualizationType", one.own?.virtualization ?? "hvm") +
  leaf("hypervisor", "xen") +
  leaf("enaSupport", one.own?.ena ?? true) +
  (one.own ? tagSet(one.own.tags) : leaf("bootMode", "uefi-preferred"));

const deviceXml = (shelf: Shelf, { name, snapshot, size, type, deleteOnTermination }: ImageDevice): string =>
  leaf("deviceName", name) +
  branch(
    "ebs",
    leaf("snapshotId", snapshot) +
      leaf("volumeSize", size) +
      leaf("deleteOnTermination", deleteOnTermination) +
      leaf("volumeType", type) +
      leaf("encrypted", shelf.snapshots.get(snapshot)?.encrypted ?? false),
  );
