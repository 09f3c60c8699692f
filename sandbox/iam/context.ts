/** A policy that the sandbox cannot judge; it says what it does not know. */
export class UnknownInPolicy extends Error {
  override readonly name = "UnknownInPolicy";
}

/** Condition keys that the sandbox gives a value wherever AWS does. A key that ends in `/` stands for all with that beginning. */
const KNOWN: ReadonlySet<string> = new Set(
  [
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalType",
    "aws:RequestTag/",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "aws:ResourceTag/",
    "aws:SecureTransport",
    "aws:SourceIp",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:TagKeys",
    "aws:userid",
    "ec2:CreateAction",
    "ec2:Region",
    "ec2:ResourceTag/",
    "ec2:SnapshotLockDuration",
    "kms:CallerAccount",
    "kms:GrantIsForAWSResource",
    "kms:GrantOperations",
    "kms:ViaService",
    "s3:prefix",
    "s3:VersionId",
  ].map((key) => key.toLowerCase()),
);

const isKnown = (key: string): boolean => KNOWN.has(key) || KNOWN.has(`${key.split("/")[0]}/`);

/** The condition keys of one request; their names know no upper and lower case, as on AWS. */
export class Context {
  readonly #values = new Map<string, readonly string[]>();

  constructor(values: Readonly<Record<string, string | readonly string[] | undefined>> = {}) {
    for (const [key, value] of Object.entries(values)) {
      if (value !== undefined) this.#values.set(key.toLowerCase(), typeof value === "string" ? [value] : value);
    }
  }

  /** The key's values; undefined where the request has none. Throws for a key that the sandbox gives no value to, ever. */
  get(key: string): readonly string[] | undefined {
    const name = key.toLowerCase();
    const values = this.#values.get(name);
    if (!values && !isKnown(name)) throw new UnknownInPolicy(`the condition key ${key}`);
    return values;
  }
}
