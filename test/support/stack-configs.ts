/** The config of a stack as the engine hands it over: what is not text is JSON. */
export type EngineConfig = Readonly<Record<string, string>>;

const POLICY = {
  name: "daily",
  select: { key: "Backup", value: "daily" },
  schedule: "cron(0 3 * * ? *)",
  retain: { count: 7, age: "7d" },
};

interface Place {
  readonly deployment?: string;
  readonly region?: string;
  readonly peer?: string;
}

const common = (role: string, deployment: string, region: string): EngineConfig => ({
  "aws:region": region,
  "lockstep:role": role,
  "lockstep:deployment": deployment,
  "lockstep:tags": JSON.stringify({ Owner: "ops" }),
  "pulumi:disable-default-providers": JSON.stringify(["aws"]),
});

const policies = (copyTo: string): string =>
  JSON.stringify([{ ...POLICY, copy: [{ region: copyTo, retain: { count: 14 } }] }]);

export const primaryConfig = ({
  deployment = "acme",
  region = "us-east-1",
  peer = "us-west-2",
}: Place = {}): EngineConfig => ({
  ...common("primary", deployment, region),
  "lockstep:peers": JSON.stringify([peer]),
  "lockstep:policies": policies(peer),
});

export const drConfig = ({
  deployment = "acme",
  region = "us-west-2",
  peer = "us-east-1",
}: Place = {}): EngineConfig => ({
  ...common("dr", deployment, region),
  "lockstep:peers": JSON.stringify([peer]),
  "lockstep:policies": policies(region),
});

/** The same with a policy that protects every kind. */
export const ofAllKinds = (config: EngineConfig): EngineConfig => {
  const policies: unknown = JSON.parse(config["lockstep:policies"] ?? "[]");
  const kinds = ["instance", "fsx"];
  const all = Array.isArray(policies) ? policies.map((one: object) => ({ ...one, kinds })) : [];
  return { ...config, "lockstep:policies": JSON.stringify(all) };
};

export const workloadConfig = (workload: object = { ami: "ami-0123456789abcdef0", tags: { Backup: "daily" } }) => ({
  ...common("workload", "acme", "us-east-1"),
  "lockstep:policies": policies("us-west-2"),
  "lockstep:workload": JSON.stringify(workload),
});
