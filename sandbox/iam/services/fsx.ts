import { type Asked, json, type Need, type Needs, notJudged, objects, text } from "../call.js";

/** What FSx knows of a resource, as far as rights go. */
export interface FsxResource {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** How FSx is asked what a request is about. */
export interface FsxFacts {
  find(region: string, id: string): FsxResource | undefined;
}

/**
 * What each action needs (Service Authorization Reference, "Amazon FSx"): `on`, the parameters that name resources which exist;
 * `makes`, the kinds of what is made, which has no id yet.
 */
interface Rule {
  readonly on?: readonly string[];
  readonly makes?: readonly string[];
}

const RULES: Readonly<Record<string, Rule>> = {
  CreateBackup: { on: ["FileSystemId", "VolumeId"], makes: ["backup/*"] },
  DeleteBackup: { on: ["BackupId"] },
  CreateFileSystem: { makes: ["file-system/*"] },
  CreateFileSystemFromBackup: { on: ["BackupId"], makes: ["file-system/*"] },
  CreateVolumeFromBackup: { on: ["BackupId", "OntapConfiguration.StorageVirtualMachineId"], makes: ["volume/*/*"] },
  UpdateFileSystem: { on: ["FileSystemId"] },
  DeleteFileSystem: { on: ["FileSystemId"] },
  DeleteVolume: { on: ["VolumeId"] },
  TagResource: { on: ["ResourceARN"] },
  UntagResource: { on: ["ResourceARN"] },
  ListTagsForResource: { on: ["ResourceARN"] },
};

type Keys = Readonly<Record<string, string | readonly string[]>>;

/** The rights that a call of FSx needs. */
export function fsxNeeds(asked: Asked, needs: Needs, facts: FsxFacts): Need[] {
  const { action, region } = asked;
  if (action.startsWith("Describe")) return [needs.need(`fsx:${action}`, "*")];
  const input = json(asked);
  const requested = requestedKeys(input);
  const on = (id: string, where = region): Need => {
    const found = facts.find(where, id.split("/").at(-1) ?? id);
    // That FSx finds the resource before it looks at tags is unproven; EC2 does.
    if (!found) return { ...needs.need(`fsx:${action}`, "*", requested), missing: true };
    return needs.need(`fsx:${action}`, found.arn, { ...requested, ...tagKeys("aws:ResourceTag", found.tags) });
  };
  const made = (arn: string): Need[] => [
    needs.need(`fsx:${action}`, arn, requested),
    // "Needs fsx:TagResource": FSx user guides, "Tag your Amazon FSx resources".
    ...(Object.keys(requested).length > 0 ? [needs.need("fsx:TagResource", arn, requested)] : []),
  ];
  if (action === "CopyBackup") {
    // The guide's policy is for `arn:aws:fsx:*:<account>:backup/*`: the source in its region, and what is made here.
    const source = on(text(input["SourceBackupId"]), text(input["SourceRegion"]) || region);
    return [source, ...made(needs.arn("fsx", "backup/*"))];
  }
  const rule = Object.hasOwn(RULES, action) ? RULES[action] : undefined;
  if (!rule) throw notJudged(asked);
  const named = (rule.on ?? []).map((path) => valueAt(input, path)).filter((id) => id !== "");
  const all = [...named.map((id) => on(id)), ...(rule.makes ?? []).flatMap((kind) => made(needs.arn("fsx", kind)))];
  return all.length > 0 ? all : [on("")];
}

/** Tags of the request, as keys for conditions; of UntagResource the keys alone. */
function requestedKeys(input: Readonly<Record<string, unknown>>): Keys {
  const tags = objects(input["Tags"]).map(({ Key, Value }): [string, string] => [text(Key), text(Value)]);
  const removed = Array.isArray(input["TagKeys"]) ? input["TagKeys"].map(text) : [];
  const keys = [...tags.map(([key]) => key), ...removed];
  if (keys.length === 0) return {};
  return { ...tagKeys("aws:RequestTag", Object.fromEntries(tags)), "aws:TagKeys": keys };
}

const tagKeys = (prefix: string, tags: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value]));

/** The text at a path as `OntapConfiguration.StorageVirtualMachineId`. */
function valueAt(input: Readonly<Record<string, unknown>>, path: string): string {
  const value = path.split(".").reduce<unknown>((at, name) => objects([at])[0]?.[name], input);
  return text(value);
}
