import { isProps, type Props } from "./wire.js";

/** How one provider resource is configured. */
export interface ProviderConfig {
  readonly region: string;
  readonly defaultTags: Readonly<Record<string, string>>;
  readonly allowedAccountIds: readonly string[];
  readonly forbiddenAccountIds: readonly string[];
}

/** They change how the official provider reaches or checks AWS; here there is one AWS and nothing to check. */
const HARMLESS = new Set([
  "maxRetries",
  "retryMode",
  "s3UsePathStyle",
  "skipCredentialsValidation",
  "skipMetadataApiCheck",
  "skipRegionValidation",
  "skipRequestingAccountId",
  "stsRegion",
  "version",
]);

/** Reads the arguments of a provider resource; what is not known or has no effect here is an error that names it. */
export function parseConfig(args: Props, env: NodeJS.ProcessEnv): ProviderConfig {
  const known = new Set(["region", "defaultTags", "allowedAccountIds", "forbiddenAccountIds"]);
  for (const key of Object.keys(args)) {
    if (known.has(key) || HARMLESS.has(key) || key.startsWith("__")) continue;
    throw new Error(`provider aws: the sandbox does not know the argument "${key}"`);
  }
  const region = args["region"] ?? env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"];
  if (typeof region !== "string" || region === "") {
    throw new Error("provider aws: no region; set aws:region, or region on the aws.Provider");
  }
  return {
    region,
    defaultTags: defaultTags(unfold(args["defaultTags"])),
    allowedAccountIds: strings("allowedAccountIds", unfold(args["allowedAccountIds"])),
    forbiddenAccountIds: strings("forbiddenAccountIds", unfold(args["forbiddenAccountIds"])),
  };
}

/** The engine sends what is not a string as JSON in a string. */
function unfold(value: unknown): unknown {
  return typeof value === "string" ? JSON.parse(value) : value;
}

function defaultTags(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  const { tags, ...rest } = isProps(value) ? value : { tags: undefined };
  const [other] = Object.keys(rest);
  if (other !== undefined) throw new Error(`provider aws: the sandbox does not know "defaultTags.${other}"`);
  const entries = Object.entries(isProps(tags) ? tags : {});
  return Object.fromEntries(entries.map(([key, tag]) => [key, String(tag)]));
}

function strings(name: string, value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw new Error(`provider aws: "${name}" must be a list of strings`);
}
