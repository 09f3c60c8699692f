const KEY_ID = /^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
/** "alias/ followed by a name … alphanumeric characters, forward slashes, underscores and dashes" (KMS API reference, CreateAlias). */
const ALIAS = /^alias\/[A-Za-z0-9/_-]{1,250}$/;
const ARN = /^arn:(aws|aws-cn|aws-us-gov|aws-eusc):kms:([a-z0-9-]+):\d{12}:(key\/(.+)|alias\/.+)$/;

/** What names a KMS key, for messages. */
export const KMS_WANT = "a KMS key's id, its ARN, or an alias like alias/backups";

/** A reference to a KMS key; only its shape is known before AWS is asked. */
export interface KmsReference {
  /** Region, where the reference is an ARN. */
  readonly region?: string;
  /** The key itself, where the reference tells it: an alias does not. */
  readonly key?: { readonly arn: string } | { readonly id: string };
}

/** Reads what EC2 takes as KmsKeyId (EC2 API reference, CopySnapshot): a key's id or ARN, an alias or its ARN. */
export function parseKmsKey(text: string): KmsReference | undefined {
  if (ALIAS.test(text)) return {};
  if (KEY_ID.test(text)) return { key: { id: text } };
  const [, , region = "", path = "", id] = ARN.exec(text) ?? [];
  if (id !== undefined) return KEY_ID.test(id) ? { region, key: { arn: text } } : undefined;
  return ALIAS.test(path) ? { region } : undefined;
}

/**
 * Whether what AWS says of a failure is about a KMS key: "Given key ID is not accessible" is the state message of a copy (EBS user
 * guide, "Copy an Amazon EBS snapshot"), "arn:aws:kms:… is disabled." the cause in an event (EBS user guide, "Amazon EventBridge events
 * for Amazon EBS"), CustomerKeyHasBeenRevoked and those with KMS in their names are codes (EC2 developer guide, "Error codes for the
 * Amazon EC2 API"; KMS API reference, "Common errors").
 */
export const isAboutKey = (said: string): boolean => /given key id|kms|CustomerKeyHasBeenRevoked/i.test(said);
