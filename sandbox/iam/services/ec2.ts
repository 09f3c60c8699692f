import { type Asked, form, type Need, type Needs, notJudged } from "../call.js";

type Tags = Readonly<Record<string, string>>;

/** What EC2 knows of a resource, as far as rights go. */
export interface Ec2Resource {
  readonly tags: Tags;
  /** Of an encrypted snapshot. */
  readonly kmsKeyId?: string;
}

/** How EC2 is asked what a request is about. */
export interface Ec2Facts {
  find(region: string, id: string): Ec2Resource | undefined;
  /** Ids of the volumes of an instance, root first. */
  volumesOf(region: string, instance: string): readonly string[];
  /** The volume that an instance boots from. */
  rootOf(region: string, instance: string): string | undefined;
}

/** Actions on resources that exist, by the parameters that name these (Service Authorization Reference, "Amazon EC2"). */
const ON: Readonly<Record<string, readonly string[]>> = {
  DeleteSnapshot: ["SnapshotId"],
  LockSnapshot: ["SnapshotId"],
  UnlockSnapshot: ["SnapshotId"],
  DeleteVolume: ["VolumeId"],
  ModifyVolume: ["VolumeId"],
  AttachVolume: ["VolumeId", "InstanceId"],
  DetachVolume: ["VolumeId", "InstanceId"],
  StartInstances: ["InstanceId."],
  StopInstances: ["InstanceId."],
  TerminateInstances: ["InstanceId."],
  CreateTags: ["ResourceId."],
  DeleteTags: ["ResourceId."],
};

const KINDS: Readonly<Record<string, string>> = { i: "instance", vol: "volume", snap: "snapshot", ami: "image" };

/** The rights that a call of EC2 needs. */
export function ec2Needs(asked: Asked, needs: Needs, facts: Ec2Facts): Need[] {
  const { action } = asked;
  if (action.startsWith("Describe")) return [needs.need(`ec2:${action}`, "*", { "ec2:Region": asked.region })];
  const request = new Request(asked, needs, facts);
  if (action === "CreateSnapshot") return request.create([request.value("VolumeId")]);
  if (action === "CreateSnapshots") return request.create(request.set());
  if (action === "CopySnapshot") return request.copy();
  const names = Object.hasOwn(ON, action) ? ON[action] : undefined;
  if (!names) throw notJudged(asked);
  const requested = action.endsWith("Tags") ? request.requested("Tag.") : request.lock();
  const found = names.flatMap((name) => request.values(name)).map((id) => request.on(id, asked.region, requested));
  return found.length > 0 ? found : [request.missing()];
}

class Request {
  readonly #asked: Asked;
  readonly #needs: Needs;
  readonly #facts: Ec2Facts;
  readonly #values: URLSearchParams;

  constructor(asked: Asked, needs: Needs, facts: Ec2Facts) {
    this.#asked = asked;
    this.#needs = needs;
    this.#facts = facts;
    this.#values = form(asked);
  }

  value(name: string): string {
    return this.#values.get(name) ?? "";
  }

  /** The parameter, or with a dot at the end of its name all of the list. */
  values(name: string): string[] {
    return [...this.#values].flatMap(([key, value]) => {
      return key === name || (name.endsWith(".") && key.startsWith(name) && /^\d+$/.test(key.slice(name.length)))
        ? [value]
        : [];
    });
  }

  /** Tags of the request, as keys for conditions: `Tag.1.Key`, `Tag.1.Value`. */
  requested(prefix: string): Record<string, string | string[]> {
    const keys = [...this.#values].filter(([key]) => key.startsWith(prefix) && key.endsWith(".Key"));
    const tags = keys.map(([key, tag]): [string, string] => [tag, this.value(key.replace(/Key$/, "Value"))]);
    if (tags.length === 0) return {};
    const requested = tags.map(([tag, value]): [string, string] => [`aws:RequestTag/${tag}`, value]);
    return { ...Object.fromEntries(requested), "aws:TagKeys": tags.map(([tag]) => tag) };
  }

  /** How long a lock is asked for, in days (EBS user guide, "Control access to Amazon EBS snapshot lock"). */
  lock(): Record<string, string> {
    const days = this.#asked.action === "LockSnapshot" ? this.value("LockDuration") : "";
    return days === "" ? {} : { "ec2:SnapshotLockDuration": days };
  }

  /** The right to do the action on what exists. */
  on(id: string, region = this.#asked.region, requested: Record<string, string | string[]> = {}): Need {
    const resource = this.#facts.find(region, id);
    // EC2 finds the resource before it looks at its tags. Seen in the field, not documented: unproven.
    if (!resource) return this.missing();
    const keys = { ...requested };
    for (const [tag, value] of Object.entries(resource.tags)) {
      keys[`aws:ResourceTag/${tag}`] = value;
      keys[`ec2:ResourceTag/${tag}`] = value;
    }
    return this.#need(this.#asked.action, arnOf(id, region, this.#asked.account), keys);
  }

  missing(): Need {
    return { ...this.#need(this.#asked.action, "*", {}), missing: true };
  }

  /** Snapshots of volumes: rights on what they are made of, on what is made, and to tag that. */
  create(from: readonly string[]): Need[] {
    return [...from.map((id) => this.on(id)), ...this.#made()];
  }

  /** The instance and those of its volumes that are not excluded. */
  set(): string[] {
    const instance = this.value("InstanceSpecification.InstanceId");
    const { region } = this.#asked;
    const excluded = new Set(this.values("InstanceSpecification.ExcludeDataVolumeId."));
    const root = this.#facts.rootOf(region, instance);
    if (root !== undefined && this.value("InstanceSpecification.ExcludeBootVolume") === "true") excluded.add(root);
    return [instance, ...this.#facts.volumesOf(region, instance).filter((id) => !excluded.has(id))];
  }

  /**
   * Since 2025 the source is authorized too, by its own ARN (AWS Storage Blog, "Enhancing resource-level permissions for copying
   * Amazon EBS snapshots"); the requested region is the destination's for both.
   */
  copy(): Need[] {
    return [this.on(this.value("SourceSnapshotId"), this.value("SourceRegion")), ...this.#made()];
  }

  /** New snapshots have no id yet: they are authorized as `snapshot/*`. */
  #made(): Need[] {
    const { action, region, account } = this.#asked;
    const requested = this.requested("TagSpecification.1.Tag.");
    const arn = arnOf("snap-*", region, account).replace("snap-*", "*");
    const made = this.#need(action, arn, requested);
    if (Object.keys(requested).length === 0) return [made];
    return [made, this.#need("CreateTags", arn, { ...requested, "ec2:CreateAction": action })];
  }

  #need(action: string, resource: string, keys: Record<string, string | string[]>): Need {
    return this.#needs.need(`ec2:${action}`, resource, { "ec2:Region": this.#asked.region, ...keys });
  }
}

/** Snapshots and images carry no account (Service Authorization Reference, "Resource types defined by Amazon EC2"). */
function arnOf(id: string, region: string, account: string): string {
  const kind = KINDS[id.split("-")[0] ?? ""] ?? "resource";
  const owner = kind === "snapshot" || kind === "image" ? "" : account;
  return `arn:aws:ec2:${region}:${owner}:${kind}/${id}`;
}

/** The keys that a copy is read and written under, as ARNs that may have an alias in them. Undefined: none, or not named. */
export function copyKeys(
  asked: Asked,
  facts: Ec2Facts,
): { readonly source?: string | undefined; readonly target?: string | undefined } {
  if (asked.action !== "CopySnapshot") return {};
  const values = form(asked);
  const source = facts.find(values.get("SourceRegion") ?? "", values.get("SourceSnapshotId") ?? "")?.kmsKeyId;
  const target = values.get("KmsKeyId") ?? undefined;
  if (target === undefined || target.startsWith("arn:")) return { source, target };
  const part = target.startsWith("alias/") ? target : `key/${target}`;
  return { source, target: `arn:aws:kms:${asked.region}:${asked.account}:${part}` };
}

/**
 * What EBS asks of KMS on the caller's behalf, for reading the source and for writing the copy (EBS user guide, "Amazon EBS
 * encryption", required permissions). AWS's own key admits everybody who may use EBS: it is none of the account's.
 */
export const copyKeyNeeds = (needs: Needs, source: string | undefined, target: string | undefined): Need[] => [
  ...(source ? needs.viaService("ec2", source, "DescribeKey", "Decrypt", "ReEncryptFrom", "CreateGrant") : []),
  ...(target
    ? needs.viaService("ec2", target, "DescribeKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptTo", "CreateGrant")
    : []),
];
