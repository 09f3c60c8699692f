import { expect } from "chai";
import { parse } from "../../../automation/cli/cli.js";
import { print, unparsed } from "../../../automation/cli/io.js";
import { CommandProblem, done, outcomeOf } from "../../../automation/cli/outcome.js";
import { type Io, jsonProgress, plainProgress } from "../../../automation/cli/progress.js";
import { duration, table } from "../../../automation/cli/tables.js";

const memory = () => {
  const lines = { out: [] as string[], err: [] as string[] };
  const io: Io = { out: (t) => lines.out.push(t), err: (t) => lines.err.push(t), tty: false };
  return { io, lines };
};

describe("tables", () => {
  it("F-S10: show what a terminal would act on as one character that does nothing", () => {
    const shown = table(["name"], [["\u001b[2J\u009b1m\u202egnp.exe\r\u0007"], ["two\nlines"], ["Bücher 💾"]]);
    expect(shown.replaceAll("\n", "")).to.not.match(/[\p{Cc}\u202e]/u);
    expect(shown).to.contain("\ufffd[2J").and.to.contain("lines").and.to.contain("Bücher 💾");
  });
});

describe("printing", () => {
  it("gives each ending its exit code", () => {
    const { io } = memory();
    expect(print(done({}, "fine"), false, io)).to.equal(0);
    expect(print(outcomeOf(new Error("boom")), false, io)).to.equal(1);
    expect(print(outcomeOf(new CommandProblem("usage", "no")), false, io)).to.equal(2);
    expect(print(outcomeOf(new CommandProblem("busy", "no")), false, io)).to.equal(3);
    expect(print(outcomeOf(new CommandProblem("refused", "no")), false, io)).to.equal(4);
  });

  it("prints results on standard output and errors on standard error, without a stack", () => {
    const { io, lines } = memory();
    print(done({ n: 1 }, "fine"), false, io);
    print(outcomeOf(new Error("boom")), false, io);
    expect(lines).to.deep.equal({ out: ["fine"], err: ["boom"] });
  });

  it("leaves out the colours of a program that failed", () => {
    const { io, lines } = memory();
    const error = new Error("\u001b[31merror:\u001b[0m no");
    print(outcomeOf(error), false, io);
    print(outcomeOf(error), true, io);
    expect(lines.err).to.deep.equal(["error: no"]);
    expect(JSON.parse(lines.out.join(""))).to.have.nested.property("error.message", "error: no");
  });

  it("with --json prints one JSON value on standard output, whatever happened", () => {
    const { io, lines } = memory();
    print(outcomeOf(new CommandProblem("refused", "not so")), true, io);
    expect(lines.err).to.deep.equal([]);
    expect(JSON.parse(lines.out.join(""))).to.deep.equal({ error: { kind: "refused", message: "not so" } });
  });

  it("points to the help after a wrong command line, and prints the help as a result", () => {
    const { io, lines } = memory();
    const wrong = parse(["frobnicate"]);
    const help = parse(["--help"]);
    if (wrong.kind === "command" || help.kind === "command") throw new Error("these name no command");
    expect(print(unparsed(wrong), false, io)).to.equal(2);
    expect(lines.err.join()).to.contain("frobnicate").and.to.contain("--help");
    expect(print(unparsed(help), false, io)).to.equal(0);
    expect(lines.out.join()).to.contain("sandbox");
  });

  it("shows jobs as plain lines or JSON lines, and keeps going when one fails", async () => {
    const jobs = [
      { title: "a", run: async (say: (line: string) => void) => say("half-way") },
      { title: "b", run: async () => Promise.reject(new Error("no")) },
    ];
    const plain = memory();
    const settled = await plainProgress(plain.io).together(jobs);
    expect(settled.map((s) => s.status)).to.deep.equal(["fulfilled", "rejected"]);
    expect(plain.lines.err).to.include.members(["a: half-way", "a: done", "b: failed: no"]);
    const json = memory();
    await jsonProgress(json.io).together(jobs);
    expect(json.lines.out).to.deep.equal([]);
    expect(json.lines.err.map((l) => JSON.parse(l))).to.deep.include({ job: "b", event: "failed", message: "no" });
  });

  it("formats durations and tables for people", () => {
    expect([0, 59.6, 61, 3_600, 90_061].map(duration)).to.deep.equal(["0 s", "1 min", "1 min 1 s", "1 h", "1 d 1 h"]);
    const text = table(["name", "n"], [["a", "1"]]);
    expect(text).to.contain("name").and.to.contain("a");
    expect(text).not.to.contain("\u001b");
  });
});
