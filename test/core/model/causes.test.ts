import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ADVICE } from "../../../core/model/causes.js";
import { adviceOn } from "../../../core/report/advice.js";

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
    expect(adviceOn({ ...trouble, cause: "run-failed" })).to.contain("log groups");
    expect(adviceOn({ ...trouble, cause: "long ago" })).to.contain("decisions");
    const about = { ...trouble, reason: "vol-1: Given key ID is not accessible" };
    expect(adviceOn({ ...about, cause: "copy-failed" })).to.contain("KMS key");
    expect(adviceOn({ ...about, cause: "run-failed" })).to.contain("log groups");
  });
});
