/** A role, as the emulator's IAM has it. */
export interface RoleFact {
  readonly arn: string;
  /** Documents of inline and managed policies, by name or ARN. */
  readonly policies: Readonly<Record<string, string>>;
  /** The document of its permissions boundary. */
  readonly boundary: string | null;
}

/** What a resource says of who may use it. */
export interface ResourceFact {
  /** The ARN of the key, where it was asked for by an alias or id. */
  readonly arn: string;
  readonly policy: string | null;
  /** The ARN of the KMS key that a topic or queue is encrypted with. */
  readonly key: string | null;
  /** Grants on a key. */
  readonly grants: readonly { readonly grantee: string; readonly operations: readonly string[] }[];
}

/** Asks the emulator; `null` where there is no such thing. */
export interface FactSource {
  /** Name of the role of a function. */
  functionRole(region: string, name: string): Promise<string | null>;
  role(name: string): Promise<RoleFact | null>;
  resource(arn: string): Promise<ResourceFact | null>;
  /** All roles. */
  roles(): Promise<readonly RoleFact[]>;
}

/** Calls that change nothing that is remembered here. */
const READS =
  /^(Get|List|Describe|Head|Simulate|Invoke|Publish|Receive|Send|Decrypt|Encrypt|GenerateDataKey|ReEncrypt|ChangeMessage)/;
const KEPT: readonly string[] = ["iam", "lambda", "s3", "sns", "sqs", "kms"];
/** Reads and writes of objects and messages, which are many. */
const DATA = /^(Put|Delete|Copy|Upload)Object|^UploadPart|^(Create|Complete|Abort)MultipartUpload|^DeleteMessage/;

/** Remembers answers until something is written that could change them. */
export class Facts implements FactSource {
  readonly #source: FactSource;
  #known = new Map<string, Promise<unknown>>();

  constructor(source: FactSource) {
    this.#source = source;
  }

  functionRole(region: string, name: string): Promise<string | null> {
    return this.#once(`function ${region} ${name}`, () => this.#source.functionRole(region, name));
  }

  role(name: string): Promise<RoleFact | null> {
    return this.#once(`role ${name}`, () => this.#source.role(name));
  }

  resource(arn: string): Promise<ResourceFact | null> {
    return this.#once(`resource ${arn}`, () => this.#source.resource(arn));
  }

  roles(): Promise<readonly RoleFact[]> {
    return this.#source.roles();
  }

  /** Whether a call may change what is remembered. */
  static isChange(service: string, action: string): boolean {
    return KEPT.includes(service) && !READS.test(action) && !DATA.test(action);
  }

  forget(): void {
    this.#known = new Map();
  }

  /** What was asked before a change is not what holds after it: answers go into the map that was there at the question. */
  #once<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#known;
    // The key says what kind of answer it is.
    const found = known.get(key) as Promise<T> | undefined;
    if (found) return found;
    const answer = ask();
    known.set(key, answer);
    answer.catch(() => known.delete(key));
    return answer;
  }
}
