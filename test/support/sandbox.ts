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

/** One for all suites of this process, one after the other: to start one takes longer than most suites. */
let shared: TestSandbox | undefined;

/** A sandbox as it is after a reset. */
async function freshSandbox(): Promise<TestSandbox> {
  if (shared) await adminRequest(shared.info, "POST", "reset");
  shared ??= await startForTest();
  await makeRole(shared.info);
  return shared;
}

after("end the sandbox of all suites", async function () {
  this.timeout(300_000);
  await shared?.close();
});

async function adminRequest({ endpoint }: SandboxInfo, method: string, path: string, body?: unknown): Promise<unknown> {
  const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await fetch(`${endpoint}/_lockstep/${path}`, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return JSON.parse(text);
}

/** A sandbox for the tests of the enclosing `describe`, on a free port: nothing of what other suites did is left in it. */
export function withSandbox(): SandboxUnderTest {
  let sandbox: TestSandbox | undefined;
  const clients: { destroy?(): void }[] = [];
  const started = (): TestSandbox => {
    if (!sandbox) throw new Error("the sandbox runs inside hooks and tests only");
    return sandbox;
  };

  before("start a sandbox", async function () {
    this.timeout(300_000);
    sandbox = await freshSandbox();
  });
  after(() => {
    for (const client of clients) client.destroy?.();
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
      const answer = await adminRequest(started().info, method, path, body);
      if (path === "reset") await makeRole(started().info);
      return answer;
    },
  };
}

/** Waits for a condition; fails with what was last seen when the deadline passes. */
export async function eventually<T>(
  look: () => Promise<T>,
  isSo: (seen: T) => boolean,
  { within = 60_000, what = "the condition" }: { within?: number; what?: string } = {},
): Promise<T> {
  for (const deadline = Date.now() + within; ; ) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (Date.now() > deadline)
      throw new Error(`${what} did not come within ${within} ms; last seen: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
