import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { environment, type SandboxInfo, startForTest, type TestSandbox } from "../../sandbox/control.js";

/** Constructor of an AWS SDK client. */
type ClientClass<Client> = new (config: ClientConfig) => Client;

interface ClientConfig {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface SandboxUnderTest {
  /** Available inside hooks and tests. */
  readonly info: SandboxInfo;
  /** What a child process needs to use it. */
  readonly env: Record<string, string>;
  /** A client of the sandbox. `accessKeyId` is the caller's name in the count of calls. */
  client<Client>(type: ClientClass<Client>, region: string, accessKeyId?: string): Client;
  /** One request of the admin API; JSON in and out. */
  admin(method: string, path: string, body?: unknown): Promise<unknown>;
}

export const HOME = "eu-central-1";
export const AWAY = "eu-west-1";

/** The role of functions, state machines and schedules in tests that are not about rights: it may do everything. */
export const ROLE = "arn:aws:iam::000000000000:role/test";

async function makeRole({ endpoint }: SandboxInfo): Promise<void> {
  const iam = new IAMClient({ region: HOME, endpoint, credentials: { accessKeyId: "test", secretAccessKey: "test" } });
  const [RoleName] = ROLE.split("/").slice(-1);
  const everything = { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: "{}" }));
  const PolicyDocument = JSON.stringify(everything);
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "everything", PolicyDocument }));
  iam.destroy();
}

/** A sandbox for the tests of the enclosing `describe`, on a free port and in a folder of its own. */
export function withSandbox(): SandboxUnderTest {
  let sandbox: TestSandbox | undefined;
  const clients: { destroy?(): void }[] = [];
  const started = (): TestSandbox => {
    if (!sandbox) throw new Error("the sandbox runs inside hooks and tests only");
    return sandbox;
  };

  before("start a sandbox", async function () {
    this.timeout(60_000);
    sandbox = await startForTest();
    await makeRole(sandbox.info);
  });
  after("end the sandbox", async function () {
    this.timeout(60_000);
    for (const client of clients) client.destroy?.();
    await sandbox?.close();
    sandbox = undefined;
  });

  return {
    get info() {
      return started().info;
    },
    get env() {
      return environment(started().info);
    },
    client(type, region, accessKeyId = "test") {
      const endpoint = started().info.endpoint;
      const made = new type({ region, endpoint, credentials: { accessKeyId, secretAccessKey: "test" } });
      // Every client of the SDK has destroy(); the constructor's type does not say so.
      clients.push(made as { destroy?(): void });
      return made;
    },
    async admin(method, path, body) {
      const response = await fetch(`${started().info.endpoint}/_lockstep/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${response.status} ${text}`);
      if (path === "reset") await makeRole(started().info);
      return JSON.parse(text);
    },
  };
}

/** Waits for a condition; fails with what was last seen when the deadline passes. */
export async function eventually<T>(
  look: () => Promise<T>,
  isSo: (seen: T) => boolean,
  { within = 10_000, what = "the condition" }: { within?: number; what?: string } = {},
): Promise<T> {
  for (const deadline = Date.now() + within; ; ) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (Date.now() > deadline)
      throw new Error(`${what} did not come within ${within} ms; last seen: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
