import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { alarmSpecs } from "../../components/monitoring/alarm-specs.js";
import { METRICS, NAMESPACE } from "../../core/names/metrics.js";
import { deploy } from "../../stacks/deploy.js";
import { recordProgram } from "../support/pulumi-mocks.js";
import { site } from "../support/site.js";
import { drConfig, type EngineConfig, primaryConfig } from "../support/stack-configs.js";

const DOC = readFileSync(join(__dirname, "..", "..", "docs", "outputs.md"), "utf8");

/** The names in the first column of a section's table. */
function documented(section: string): string[] {
  const text = DOC.split(/^#+ /m).find((part) => part.startsWith(`${section}\n`)) ?? "";
  const rows = text.split("\n").filter((line) => line.startsWith("| `"));
  return rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name));
}

async function outputsOf(config: EngineConfig): Promise<string[]> {
  let outputs: object = {};
  await recordProgram(() => {
    outputs = deploy(config);
  });
  return Object.keys(outputs);
}

describe("docs/outputs.md", function () {
  this.timeout(300_000);

  it("names every output of both stacks, and no other", async () => {
    for (const config of [primaryConfig(), drConfig()]) {
      expect(documented("Outputs and monitoring").toSorted()).to.deep.equal((await outputsOf(config)).toSorted());
    }
  });

  it("names every alarm", () => {
    const { settings } = site();
    const policies = [
      { name: "<policy>", select: { key: "k", value: "v" }, schedule: "rate(1 hour)", retain: { count: 1 } },
    ].map((policy) => ({ ...policy, copy: [{ region: "us-west-2", retain: policy.retain }] }));
    const primary = alarmSpecs({ ...site(), settings: { ...settings, policies } });
    const dr = alarmSpecs({ ...site(), settings: { ...settings, policies, role: "dr", region: "us-west-2" } });
    const all = new Set([...primary, ...dr].map(({ what }) => what));
    expect(documented("Alarms").toSorted()).to.deep.equal([...all].toSorted());
  });

  it("names every metric and their namespace", () => {
    const named = documented("Metrics").toSorted();
    expect(named).to.deep.equal(Object.keys(METRICS).toSorted());
    expect(DOC).to.contain(`namespace of the metrics: \`${NAMESPACE}\``);
  });
});
