import { expect } from "chai";
import { stub } from "sinon";
import { makeLog } from "../../functions/lib/log.js";

describe("log", () => {
  it("is one JSON line with the fields of its run, and an error takes nothing from it", () => {
    const lines: string[] = [];
    const write = (text: string | Uint8Array) => lines.push(String(text)) > 0;
    const [out, err] = [stub(process.stdout, "write").callsFake(write), stub(process.stderr, "write").callsFake(write)];
    try {
      const log = makeLog({ fn: "plan" });
      log.createChild({ persistentKeys: { runId: "r" } }).warn("careful", { n: 1, error: new Error("no") });
      log.info("plain");
    } finally {
      out.restore();
      err.restore();
    }
    const [careful, plain, ...more] = lines.map((line): Record<string, unknown> => JSON.parse(line));
    expect(careful).to.include({ level: "WARN", message: "careful", fn: "plan", runId: "r", n: 1 });
    expect(careful?.["error"]).to.include({ name: "Error", message: "no" });
    expect(plain).to.include({ level: "INFO", message: "plain", fn: "plan" }).and.not.have.property("runId");
    expect(more).to.deep.equal([]);
  });
});
