import { Enforcer, type Rights } from "../../../sandbox/iam/enforcer.js";
import type { ResourceFact } from "../../../sandbox/iam/facts.js";
import type { Ec2Resource } from "../../../sandbox/iam/services/ec2.js";
import type { FsxResource } from "../../../sandbox/iam/services/fsx.js";

export const REGION = "eu-central-1";
export const OTHER = "eu-west-1";
export const ACCOUNT = "111122223333";

/** What is there, in a world without a sandbox. One function, `fn`, with one role, `role`. */
export interface FakeWorld {
  readonly statements: readonly object[];
  readonly boundary?: readonly object[];
  /** By region and id. */
  readonly ec2?: Readonly<Record<string, Ec2Resource>>;
  readonly fsx?: Readonly<Record<string, FsxResource>>;
  readonly volumes?: readonly string[];
  readonly resources?: Readonly<Record<string, Partial<ResourceFact>>>;
}

const text = (Statement: readonly object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });

export function fakeEnforcer(world: FakeWorld): Enforcer {
  const role = {
    arn: `arn:aws:iam::${ACCOUNT}:role/role`,
    policies: { duty: text(world.statements) },
    boundary: world.boundary ? text(world.boundary) : null,
  };
  return new Enforcer({
    account: ACCOUNT,
    tell: () => undefined,
    now: () => Date.parse("2027-01-01T00:00:00Z"),
    facts: {
      functionRole: async () => "role",
      role: async () => role,
      roles: async () => [role],
      resource: async (arn) => {
        const found = world.resources?.[arn];
        return found ? { arn, policy: null, key: null, grants: [], ...found } : null;
      },
    },
    fsx: { find: (region, id) => world.fsx?.[`${region} ${id}`] },
    ec2: {
      find: (region, id) => world.ec2?.[`${region} ${id}`],
      volumesOf: () => world.volumes ?? [],
      rootOf: () => world.volumes?.[0],
    },
  });
}

/** A call as `service:Action`, with parameters of the query protocol or, as an object with `json`, of the JSON one. */
export interface FakeCall {
  readonly path?: string;
  readonly query?: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: object;
}

export async function ask(
  rights: Pick<Rights, "admit">,
  call: string,
  { path = "/", query = "", form, json }: FakeCall = {},
) {
  const [service = "", action = ""] = call.split(":");
  const body = json ? JSON.stringify(json) : new URLSearchParams(form).toString();
  const headers = json ? { "x-amz-target": `X.${action}` } : {};
  const rest = { method: "POST", path, query: new URLSearchParams(query), headers, body: Buffer.from(body) };
  return rights.admit({ service, action, region: REGION, account: ACCOUNT, ...rest }, `LAMBDA-fn.${REGION}`);
}
