import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ADVICE, ADVICE_IN, type Case } from "../../../core/model/causes.js";
import { adviceOn } from "../../../core/report/advice.js";
import { RULES } from "../../../kinds/rules.js";
import { WITH_TOY } from "../../kinds/toy/rules.js";

const page = readFileSync(join(__dirname, "..", "..", "..", "docs", "outputs.md"), "utf8");
const trouble = { region: "us-east-1", policy: "", resource: "", point: "", reason: "no" };

describe("causes", () => {
  it("are all in docs/outputs.md, and no other", () => {
    const rows =
      page
        .split("## Messages")[1]
        ?.split("## ")[0]
        ?.match(/^\| `.*?\|/gm) ?? [];
    const told = rows.flatMap((row) => [...row.matchAll(/`([a-z-]+)`/g)].map(([, cause]) => cause));
    expect(told.toSorted()).to.deep.equal(Object.keys(ADVICE).toSorted());
  });

  it("have advice, also one that an earlier version told of, and where a key stops us about the key", () => {
    expect(adviceOn({ ...trouble, cause: "run-failed" }, RULES)).to.contain("log groups");
    expect(adviceOn({ ...trouble, cause: "long ago" }, RULES)).to.contain("decisions");
    const about = { ...trouble, reason: "vol-1: Given key ID is not accessible" };
    expect(adviceOn({ ...about, cause: "copy-failed" }, RULES)).to.contain("KMS key");
    expect(adviceOn({ ...about, cause: "run-failed" }, RULES)).to.contain("log groups");
  });

  it("have advice for every kind, which is in the words of no other one", () => {
    const cases: readonly (string | undefined)[] = [undefined, ...Object.keys(ADVICE_IN)];
    const all = Object.keys(ADVICE).flatMap((cause) => cases.map((one) => ({ ...trouble, cause, case: one ?? "" })));
    for (const kind of Object.keys(WITH_TOY)) {
      for (const one of all) expect(adviceOn({ ...one, kind }, WITH_TOY), `${one.cause} of ${kind}`).to.match(/\.$/);
    }
    const plain = all.flatMap((one) => [adviceOn(one, RULES), adviceOn({ ...one, kind: "toy" }, WITH_TOY)]);
    for (const said of plain) expect(said).to.not.match(/snapshot|volume|\bEBS|\bEC2|\bebs\b|\bFSx/i);
  });

  it("is in a kind's own words where it has some, and else in those for all", () => {
    const of = (kind: string, named: Case) => adviceOn({ ...trouble, cause: "point-failed", case: named, kind }, RULES);
    expect(of("ebs", "incomplete")).to.contain("a volume was detached");
    expect(of("no such kind", "incomplete")).to.contain("somebody deleted a part of it");
    const about = { ...trouble, cause: "point-failed", reason: "Given key ID is not accessible", kind: "ebs" };
    expect(adviceOn(about, RULES)).to.contain("the volume's, or the one of the copy's region");
    expect(adviceOn({ ...about, kind: "toy" }, WITH_TOY)).to.contain("the resource's, or the one");
  });
});
