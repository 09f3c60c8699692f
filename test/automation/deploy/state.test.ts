import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { storedState } from "../../../automation/deploy/state.js";
import { outputsOf } from "../../../automation/deploy/workspace.js";

const RESOURCE = { urn: "urn:pulumi:primary::lockstep::pulumi:pulumi:Stack::it", type: "pulumi:pulumi:Stack" };

describe("state of a stack", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lockstep-state-"));
    mkdirSync(join(folder, ".pulumi", "stacks", "lockstep"), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const store = (content: unknown) =>
    writeFileSync(join(folder, ".pulumi", "stacks", "lockstep", "primary.json"), JSON.stringify(content));
  const read = (stack: string, backend = pathToFileURL(folder).href) =>
    storedState(
      { envVars: { PULUMI_BACKEND_URL: backend }, projectSettings: async () => ({ name: "lockstep" }) },
      stack,
    );

  it("is read from a file backend as the engine would export it", async () => {
    const latest = { resources: [RESOURCE], pending_operations: [{ type: "creating", resource: RESOURCE }] };
    store({ version: 3, checkpoint: { stack: "organization/lockstep/primary", latest } });
    expect(await read("primary")).to.deep.equal({ version: 3, deployment: latest });
  });

  it("is empty for a stack in which nothing was deployed", async () => {
    store({ version: 3, checkpoint: { stack: "organization/lockstep/primary" } });
    expect(await read("primary")).to.deep.equal({ version: 3, deployment: null });
  });

  it("is left to the engine where there is none, where it is stored otherwise, and in other backends", async () => {
    store({ version: 3, deployment: {} });
    expect(await read("primary")).to.equal(undefined);
    expect(await read("dr")).to.equal(undefined);
    expect(await read("primary", "s3://states")).to.equal(undefined);
  });
});

describe("outputs of a state", () => {
  it("are those of the stack itself; what has a secret in it is a secret", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x" };
    const root = { ...RESOURCE, custom: false, inputs: {}, outputs: { topic: "arn", keys: [{ inner: secret }] } };
    const other = { ...RESOURCE, type: "aws:s3/bucket:Bucket", custom: true, inputs: {}, outputs: { bucket: "b" } };
    const outputs = outputsOf({ version: 3, deployment: { resources: [other, root], pending_operations: [] } });
    expect(outputs).to.deep.equal({
      topic: { value: "arn", secret: false },
      keys: { value: [{ inner: secret }], secret: true },
    });
    expect(outputsOf({ version: 3, deployment: null })).to.deep.equal({});
  });
});
