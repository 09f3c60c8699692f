import { expect } from "chai";
import { dashboardBody } from "../../components/monitoring/dashboard-body.js";
import { Monitoring } from "../../components/monitoring/monitoring.js";
import type { Site } from "../../components/site.js";
import type { Policy, Settings } from "../../core/model/model.js";
import { ACCOUNT, type Made, ofType, recordProgram } from "../support/pulumi-mocks.js";
import { options, site } from "../support/site.js";

const policy = (name: string, copyTo: string): Policy => ({
  name,
  select: { key: "Backup", value: name },
  schedule: "rate(1 hour)",
  retain: { count: 1 },
  copy: [{ region: copyTo, retain: { count: 1 } }],
});
const policies = [policy("hourly", "us-west-2"), policy("elsewhere", "eu-west-1")];
const at = (more: Partial<Settings>): Site => ({ ...site(), settings: { ...site().settings, policies, ...more } });
const TOPIC = "arn:aws:sns:us-east-1:111122223333:acme-primary-alerts";
const alarmsOf = async (where: Site): Promise<Made[]> => {
  const made = await recordProgram(() => new Monitoring("monitoring", { site: where, topicArn: TOPIC }, options()));
  return ofType(made, "aws:cloudwatch/metricAlarm:MetricAlarm");
};
const byName = (alarms: readonly Made[], what: string) =>
  alarms.find(({ inputs }) => String(inputs["name"]).endsWith(`-${what}`))?.inputs ?? {};

describe("Monitoring", () => {
  const primary = at({});
  const dr = at({ role: "dr", region: "us-west-2", peers: ["us-east-1"] });

  it("has an alarm for each thing that can go wrong in its region", async () => {
    const names = async (where: Site) => (await alarmsOf(where)).map(({ inputs }) => String(inputs["name"])).toSorted();
    expect(await names(primary)).to.deep.equal([
      "acme-primary-create-failed",
      "acme-primary-dead-letters",
      "acme-primary-no-run",
      "acme-primary-nothing-selected-elsewhere",
      "acme-primary-nothing-selected-hourly",
      "acme-primary-rpo-elsewhere",
      "acme-primary-rpo-hourly",
      "acme-primary-run-failed",
      "acme-primary-test",
    ]);
    expect(await names(dr), "of the policies that copy to it").to.deep.equal([
      "acme-dr-copy-failed",
      "acme-dr-dead-letters",
      "acme-dr-no-run",
      "acme-dr-rpo-hourly",
      "acme-dr-run-failed",
      "acme-dr-test",
    ]);
  });

  it("tells its topic of trouble and of its end", async () => {
    for (const { inputs, name } of await alarmsOf(primary)) {
      expect(inputs["alarmActions"], name).to.deep.equal([TOPIC]);
      expect(inputs["okActions"], name).to.deep.equal([TOPIC]);
      expect(inputs["alarmDescription"], name).to.be.a("string").with.length.above(20);
    }
  });

  it("tells an existing topic too, where it is in the same region: alarms reach no other", async () => {
    const there = "arn:aws:sns:us-east-1:444455556666:ops";
    const elsewhere = there.replace("us-east-1", "eu-west-1");
    const actions = async (topic: string) => {
      const made = await alarmsOf({ ...primary, notify: { topic, summary: false, repeatAfterMs: 1 } });
      return made[0]?.inputs["alarmActions"];
    };
    expect(await actions(there)).to.deep.equal([TOPIC, there]);
    expect(await actions(elsewhere)).to.deep.equal([TOPIC]);
  });

  it("takes silence for the worst where runs are counted, and for nothing where they speak", async () => {
    const alarms = await alarmsOf(primary);
    expect(byName(alarms, "no-run")).to.include({
      namespace: "Lockstep",
      metricName: "RunSucceeded",
      statistic: "Sum",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      treatMissingData: "breaching",
    });
    expect(byName(alarms, "run-failed")).to.include({ metricName: "RunFailed", treatMissingData: "ignore" });
    expect(byName(alarms, "run-failed")["dimensions"]).to.deep.equal({
      Deployment: "acme",
      Role: "primary",
      Region: "us-east-1",
    });
  });

  it("wants no point to be overdue by the schedule, whatever pauses that makes", async () => {
    const overdue = { metricName: "RpoOverdue", threshold: 0 };
    expect(byName(await alarmsOf(primary), "rpo-hourly")).to.include(overdue);
    const copies = byName(await alarmsOf(dr), "rpo-hourly");
    expect(copies).to.include({ ...overdue, comparisonOperator: "GreaterThanThreshold", evaluationPeriods: 2 });
    expect(copies["dimensions"]).to.deep.equal({
      Deployment: "acme",
      Role: "dr",
      Region: "us-west-2",
      Policy: "hourly",
    });
  });

  it("shows all alarms and metrics on one dashboard", async () => {
    const made = await recordProgram(() => new Monitoring("monitoring", { site: primary, topicArn: TOPIC }, options()));
    const [dashboard] = ofType(made, "aws:cloudwatch/dashboard:Dashboard");
    expect(dashboard?.inputs["dashboardName"]).to.equal("acme-primary-us-east-1");
    const body = JSON.parse(String(dashboard?.inputs["dashboardBody"]));
    expect(body).to.deep.equal(dashboardBody(primary, body.widgets[0].properties.alarms));
    expect(body.widgets[0].properties.alarms).to.have.length(9);
    expect(body.widgets[0].properties.alarms).to.include(
      `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:acme-primary-no-run`,
    );
    const cells = body.widgets.map(({ x, y }: { x: number; y: number }) => `${x},${y}`);
    expect(new Set(cells).size, "no widget hides another").to.equal(cells.length);
    const metrics: string[] = body.widgets
      .slice(1)
      .flatMap((widget: { properties: { metrics: string[][] } }) =>
        widget.properties.metrics.map(([, metric = ""]) => metric),
      );
    expect(metrics).to.include.members(["RpoMaxAge", "RpoOverdue", "RunFailed", "PointsFailed", "Selected"]);
    expect(metrics, "a primary gives out no copy slots").to.not.include("CopiesInFlight");
    const dr = { ...primary, settings: { ...primary.settings, role: "dr" as const } };
    expect(JSON.stringify(dashboardBody(dr, []))).to.contain("CopiesInFlight");
  });
});
