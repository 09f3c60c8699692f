import { expect } from "chai";
import type { Inventory } from "../../../core/model/model.js";
import { measuresOf } from "../../../functions/record/measures.js";
import { HOME as AT, world as ebsWorld, HOUR, point, policy, SLOT } from "../../core/worlds.js";
import { castPoint, toyWorld } from "../../kinds/toy/moulds.js";
import { WITH_TOY } from "../../kinds/toy/rules.js";
import { DR, HOME, T0 } from "../executors.js";
import { alert, gone, result, seen, setUp, world } from "./recording.js";

const mixed = policy({ kinds: ["instance", "mould"] });

const quota = (kind: string) =>
  result({ kind, outcome: "later", code: "QuotaExceeded", cause: "100", lasting: true, resource: `${kind}-1` });

describe("record, with troubles of several kinds", () => {
  it("tells of a region's trouble for each kind by itself, in its own words", async () => {
    const { messages, run, subjects } = setUp({ rules: WITH_TOY });
    await run({ creates: [quota("instance"), quota("mould")], isAll: false });
    expect(subjects()).to.deep.equal([`[prod] quota-reached: ${HOME}`, `[prod] quota-reached: ${HOME}`]);
    expect(messages[0]?.body).to.contain("Amazon EBS");
    expect(messages[1]?.body).to.contain("open Service Quotas in this region").and.not.contain("EBS");
    await run({ creates: [quota("mould")], isAll: false });
    expect(subjects(), "that of EBS alone is over").to.deep.equal([
      ...[`[prod] quota-reached: ${HOME}`, `[prod] quota-reached: ${HOME}`],
      `[prod] resolved: quota-reached: ${HOME}`,
    ]);
    expect(messages.at(-1)?.body).to.contain("State: resolved");
  });

  it("closes what is of a kind that was read, and nothing of one that was not", async () => {
    const { run, subjects } = setUp();
    const other = alert({ kind: "toy", resource: "toy:m-1" });
    await run({ decisions: [alert(), other] });
    await run({ isAll: false });
    expect(subjects().slice(2)).to.deep.equal([`[prod] resolved: point-failed: i-0 daily ${HOME}`]);
    await run({ isAll: false, world: world({ resources: [] }) });
    expect(subjects()).to.have.length(3);
    await run({ isAll: true });
    expect(subjects().slice(3)).to.deep.equal([`[prod] resolved: point-failed: toy:m-1 daily ${HOME}`]);
  });

  it("closes nothing of a kind that is unknown somewhere", async () => {
    const { run, subjects } = setUp();
    await run({ decisions: [alert()] });
    await run({ world: world({ regions: { [HOME]: seen, [DR]: gone } }), isAll: false });
    expect(subjects()).to.have.length(1);
  });

  it("tells of points of a kind that nobody looks after any more, until it is looked after and there are none", async () => {
    const { ledger, record, run, subjects, messages } = setUp({ rules: WITH_TOY });
    await ledger.writeState({ inFlight: {}, dueAt: {}, lastRun: T0, points: { toy: 12 } });
    await run({ isAll: false });
    expect(subjects(), "it may only not have been due").to.deep.equal([]);
    await run();
    await run({ isAll: false });
    // What a failed run leaves remembers it too.
    await record({ execution: "execution-2", error: { Error: "LeaseLost" } });
    await run();
    const gone = `[prod] kind-gone: ${HOME}`;
    expect(subjects().filter((one) => one.includes("kind-gone"))).to.deep.equal([gone]);
    expect(messages[0]?.body).to.contain("12 point(s) of Toyworks").and.to.contain("lockstep:alsoKinds");
    await run({ world: world({ kind: "toy" }), kinds: ["ebs", "toy"] });
    expect(subjects().at(-1)).to.equal(`[prod] resolved: kind-gone: ${HOME}`);
    await run();
    expect(subjects().at(-1), "there are none any more").to.equal(`[prod] resolved: kind-gone: ${HOME}`);
  });

  it("counts a policy's points over its kinds, and leaves it out where one of them is unknown in the region", () => {
    const place = { deployment: "prod", role: "primary", region: AT } as const;
    const cast = castPoint({ at: SLOT });
    const worlds = (unknown: Readonly<Record<string, string>> = {}) => [
      ebsWorld({ policies: [mixed], points: [point({ at: SLOT }), point({ at: SLOT - HOUR })] }),
      toyWorld({ policies: [mixed], points: [cast], unknown }),
    ];
    const of = (inventories: readonly Inventory[]) =>
      measuresOf(place, { inventories, isAll: true }, [], WITH_TOY)
        .filter(({ dimensions }) => "Policy" in dimensions && !("Resource" in dimensions))
        .map(({ values }) => values);
    const [both, ...more] = of(worlds());
    expect(more, "one for both kinds").to.deep.equal([]);
    expect(both).to.include({ Selected: 2, PointsCompleted: 3, PointsPending: 0, PointsFailed: 0 });
    const ages = measuresOf(place, { inventories: worlds(), isAll: true }, [], WITH_TOY).flatMap(
      ({ values }) => values["RpoAge"] ?? [],
    );
    expect(ages).to.have.length(2);
    expect(both?.["RpoMaxAge"]).to.equal(Math.max(...ages));
    expect(of(worlds({ [AT]: "throttled" }))).to.deep.equal([]);
    const plain = worlds({ [AT]: "throttled" }).map((one) => ({
      ...one,
      policies: [{ ...mixed, kinds: ["instance"] }],
    }));
    expect(of(plain)[0], "of others nothing is lost").to.include({ Selected: 1, PointsCompleted: 2 });
  });
});
