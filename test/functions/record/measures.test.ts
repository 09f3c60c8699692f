import { expect } from "chai";
import { livingIn } from "../../../core/inventory/lineage.js";
import type { RegionView } from "../../../core/model/model.js";
import { measuresOf } from "../../../functions/record/measures.js";
import { RULES } from "../../../kinds/rules.js";
import { copy, DR, HOME, RUN, T0 } from "../executors.js";
import { alert, emitInto, gone, result, seen, setUp, world } from "./recording.js";

const VOLUME = {
  id: "vol-0",
  detail: { device: "/dev/sda", boot: true },
  sizeGiB: 8,
  createdAt: T0 - 60_000,
  tags: {},
};
const protectedWorld = () => {
  const [first, ...others] = livingIn(world()) ?? [];
  return world({ resources: [...(first ? [{ ...first, members: [VOLUME] }] : []), ...others] });
};

describe("the metrics of a run", () => {
  const stack = { Deployment: "prod", Role: "primary", Region: HOME };

  it("are lines that CloudWatch reads, with the run's id", async () => {
    const { metrics, run } = setUp();
    await run({ world: protectedWorld() });
    const line = metrics.find((one) => one["Resource"] !== undefined);
    expect(line).to.deep.equal({
      _aws: {
        Timestamp: T0,
        CloudWatchMetrics: [
          {
            Namespace: "Lockstep",
            Dimensions: [["Deployment", "Role", "Region", "Policy", "Resource"]],
            Metrics: [{ Name: "RpoAge", Unit: "Seconds" }],
          },
        ],
      },
      ...stack,
      runId: RUN,
      Policy: "daily",
      Resource: "i-0",
      RpoAge: 60,
    });
  });

  it("tell the worst age, points and selection of each policy, and that the run succeeded", async () => {
    const { metrics, run } = setUp();
    await run({ world: protectedWorld() });
    const policy = metrics.find((one) => one["Policy"] === "daily" && one["Resource"] === undefined);
    expect(policy).to.include({
      ...stack,
      RpoMaxAge: 60,
      RpoOverdue: 0,
      Selected: 1,
      PointsCompleted: 0,
      PointsPending: 0,
    });
    expect(metrics.at(-1)).to.include({ ...stack, RunSucceeded: 1, RunFailed: 0 });
  });

  it("count what AWS refused and what EBS failed, and go back to zero", async () => {
    const { metrics, run } = setUp();
    await run({ creates: [result({ outcome: "failed", code: "IncorrectState", cause: "no" })], decisions: [alert()] });
    expect(metrics[0]).to.include({ CreatesFailed: 2, CopiesFailed: 0, DeletesFailed: 0 });
    metrics.length = 0;
    await run();
    expect(metrics[0]).to.include({ CreatesFailed: 0 });
  });

  it("count the copies of a DR stack that are in progress", () => {
    const part = { ...copy(1).artifact, state: "pending" as const };
    const point = { ...copy(1), id: "lsp-1", artifacts: [part, { ...part, id: "snap-2" }, copy(1).artifact] };
    const copies = (role: "primary" | "dr", view: RegionView = { ...seen, points: [point] }) => {
      const [first] = measuresOf(
        { deployment: "prod", region: DR, role },
        { inventories: [world({ regions: { [DR]: view } })], isAll: true },
        [],
        RULES,
      );
      return first?.values.CopiesInFlight;
    };
    expect(copies("dr")).to.equal(2);
    expect(copies("dr", gone), "not seen").to.equal(undefined);
    expect(copies("primary")).to.equal(undefined);
  });

  it("leave out what could not be seen", async () => {
    const { metrics, run } = setUp();
    await run({ world: world({ resources: [], regions: { [HOME]: gone, [DR]: gone } }) });
    expect(metrics.flatMap((line) => Object.keys(line))).to.not.include("Selected");
    expect(metrics.at(-1)).to.include({ RunSucceeded: 1 });
  });

  it("are none where nothing is known", () => {
    const lines: Record<string, unknown>[] = [];
    emitInto(lines)([{ dimensions: stack, values: { Selected: undefined } }], T0, RUN);
    expect(lines).to.deep.equal([]);
  });

  it("are not written for a run whose end could not be recorded", async () => {
    const { mail, metrics, run } = setUp();
    mail.down = true;
    await run({ decisions: [alert()] }).catch(() => undefined);
    expect(metrics).to.deep.equal([]);
  });
});
