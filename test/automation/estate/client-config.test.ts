import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { clientConfig } from "../../../automation/estate/client-config.js";
import { environment, startForTest, type TestSandbox } from "../../../sandbox/control.js";

const REGION = "eu-central-1";

describe("the user's settings of AWS", function () {
  this.timeout(60_000);
  let folder: string;
  let own: NodeJS.ProcessEnv;
  let sandbox: TestSandbox;

  before(
    "set what people of regulated accounts have for good, and start a sandbox, which hears of it too",
    async () => {
      own = { ...process.env };
      folder = mkdtempSync(join(tmpdir(), "lockstep-aws-"));
      const file = join(folder, "config");
      writeFileSync(
        file,
        "[profile work]\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\nregion = eu-north-1\n",
      );
      Object.assign(process.env, {
        AWS_CONFIG_FILE: file,
        AWS_PROFILE: "work",
        AWS_USE_FIPS_ENDPOINT: "true",
        AWS_USE_DUALSTACK_ENDPOINT: "true",
        AWS_ENDPOINT_URL_STS: "http://127.0.0.1:9",
      });
      sandbox = await startForTest();
    },
  );
  after(async () => {
    process.env = own;
    await sandbox?.close();
    rmSync(folder, { recursive: true });
  });

  it("mean nothing in the sandbox", async () => {
    const { Account } = await new STSClient(clientConfig(REGION, environment(sandbox.info))).send(
      new GetCallerIdentityCommand({}),
    );
    expect(Account).to.equal("000000000000");
  });

  it("hold on AWS", async () => {
    const client = new STSClient(clientConfig(REGION, {}));
    expect(await client.config.useFipsEndpoint()).to.equal(true);
    expect(await client.config.useDualstackEndpoint()).to.equal(true);
  });
});
