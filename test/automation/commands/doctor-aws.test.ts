import { expect } from "chai";
import { forAws, type Surroundings } from "../../../automation/commands/doctor-aws.js";
import { type FakeOptions, type Fakes, fakes } from "../fakes.js";

const BUCKET = { PULUMI_BACKEND_URL: "s3://state?region=eu-central-1", PULUMI_CONFIG_PASSPHRASE: "x" };

describe("doctor, for a real account", () => {
  let deps: Fakes;
  afterEach(() => deps.cleanUp());
  const look = async (surroundings: Surroundings = BUCKET, options: FakeOptions = {}, secretsProvider?: string) => {
    deps = await fakes(options);
    const config: Fakes["config"] = async (env, over) => {
      const plain = await deps.config(env, over);
      if (secretsProvider === undefined) return plain;
      return {
        ...plain,
        stacks: plain.stacks.map((one) => ({ ...one, settings: { ...one.settings, secretsProvider } })),
      };
    };
    const findings = await forAws("default", undefined, { ...deps, config }, surroundings);
    return { findings, problems: findings.filter(({ ok }) => !ok).map(({ what, text }) => `${what}: ${text}`) };
  };

  it("finds nothing where state and secrets are kept outside the primary's region", async () => {
    const { findings, problems } = await look();
    expect(problems).to.deep.equal([]);
    expect(findings.map(({ what }) => what)).to.deep.equal([
      "AWS",
      "region eu-west-1",
      "region eu-central-1",
      "engine's state",
      "secrets of primary",
      "secrets of dr",
    ]);
  });

  it("finds state that would be gone with the primary, or with this machine", async () => {
    const withPrimary = await look({ ...BUCKET, PULUMI_BACKEND_URL: "s3://state?region=eu-west-1" });
    expect(withPrimary.problems).to.have.length(1);
    expect(withPrimary.problems[0]).to.match(/^engine's state: s3:.*gone with the primary/);
    const here = await look({ ...BUCKET, PULUMI_BACKEND_URL: "file:///home/me" });
    expect(here.problems[0]).to.match(/^engine's state: file:.*on this machine alone/);
  });

  it("finds a key in the primary's region, and a passphrase that nobody set", async () => {
    const key = await look(BUCKET, {}, "awskms:///alias/state?region=eu-west-1");
    expect(key.problems).to.have.length(2);
    expect(key.problems[0]).to.match(/^secrets of primary: awskms:.*gone with the primary/);
    const none = await look({ PULUMI_BACKEND_URL: BUCKET.PULUMI_BACKEND_URL });
    expect(none.problems[0]).to.contain("set PULUMI_CONFIG_PASSPHRASE, or secretsprovider in Pulumi.primary.yaml");
    expect((await look({ PULUMI_BACKEND_URL: "https://api.pulumi.com" })).problems).to.deep.equal([]);
  });

  it("finds regions that cannot be used, and a root user", async () => {
    const regionProblem = (region: string) => (region === "eu-central-1" ? "it is not enabled" : undefined);
    const { problems } = await look(BUCKET, { regionProblem, who: "arn:aws:iam::111122223333:root" });
    expect(problems).to.have.length(2);
    expect(problems[0]).to.contain("use a role");
    expect(problems[1]).to.equal("region eu-central-1: it is not enabled");
  });
});
