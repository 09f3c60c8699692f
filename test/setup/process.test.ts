import { closeSync, existsSync, globSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { slowest } from "../../setup/checks/slowest.mjs";
import { countTests, LONG_TESTS, readArgs, summary, TESTS } from "../../setup/checks/tests.mjs";
import { run, SetupError } from "../../setup/processes/process.mjs";
import { folders, isRunning, ROOT, script, until } from "./support.js";

/** Hands the terminal to a program that counts its interrupts and ends on SIGTERM. */
const RUNNER = `const sameInterrupt = Number(process.argv[1]);
  const { foreground } = await import(SETUP + "/processes/process.mjs");
  const child = \`let count = 0;
    process.on("SIGINT", () => console.log("interrupt " + ++count));
    process.on("SIGTERM", () => { console.log("counted " + count); process.exit(7); });
    setInterval(() => {}, 1000);
    console.log("ready");\`;
  process.exitCode = await foreground(process.execPath, ["-e", child], { env: process.env, sameInterrupt });`;

describe("setup: running programs", () => {
  const folder = folders();

  it("passes an interrupt on once, however often it arrives, and the exit code back", async () => {
    const runner = script(RUNNER, "60000");
    await runner.printed("ready");
    runner.send("SIGINT"); // the terminal
    await runner.printed("interrupt 1");
    runner.send("SIGINT"); // npm, which had the key press from the terminal too
    runner.send("SIGTERM");
    const { code, output } = await runner.ended;
    expect(output).to.contain("counted 1");
    expect(code).to.equal(7);
  });

  it("ends by force a program that two interrupts did not end", async () => {
    const runner = script(RUNNER, "0");
    await runner.printed("ready");
    for (const text of ["interrupt 1", "interrupt 2"]) {
      runner.send("SIGINT");
      await runner.printed(text);
    }
    runner.send("SIGINT");
    const { code, output } = await runner.ended;
    expect(code).to.equal(128 + 9);
    expect(output).not.to.contain("interrupt 3");
  });

  it("tells how a program failed: what it was, how it ended, its last lines, where the rest is", async () => {
    const log = join(folder(), "log");
    const source = "for (let i = 0; i < 40; i++) console.log('line ' + i); console.error('bad'); process.exitCode = 3";
    const error = await run(process.execPath, ["-e", source], { log }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(SetupError);
    expect(String(error))
      .to.match(/: ended with exit code 3\n/)
      .and.contain("line 39")
      .and.contain("bad");
    expect(String(error)).to.contain(log).and.not.contain("line 9\n");
    expect(readFileSync(log, "utf8")).to.contain("line 9\n");
  });

  it("tells when a program cannot be started", async () => {
    const error = await run("/no/such/program", [], { log: join(folder(), "log") }).catch(String);
    expect(error).to.contain("/no/such/program").and.contain("ENOENT");
  });

  it("returns what a program printed, and leaves no log", async () => {
    const log = join(folder(), "log");
    expect(await run(process.execPath, ["-e", "console.log('hello')"], { log })).to.equal("hello\n");
    expect(existsSync(log)).to.equal(false);
  });

  it("ends everything a program started when it is aborted", async () => {
    const controller = new AbortController();
    const sleeper = "setInterval(() => {}, 1000)";
    const source = `const { spawn } = require("node:child_process");
      const child = spawn(process.execPath, ["-e", ${JSON.stringify(sleeper)}]);
      child.once("spawn", () => require("node:fs").writeFileSync(process.argv[1], String(child.pid)));
      ${sleeper}`;
    const file = join(folder(), "pid");
    const running = run(process.execPath, ["-e", source, file], {
      log: join(folder(), "log"),
      signal: controller.signal,
    });
    const outcome = running.catch(String);
    await until(() => existsSync(file) && readFileSync(file, "utf8") !== "");
    controller.abort(new Error("enough"));
    expect(await outcome).to.equal("Error: enough");
    const grandchild = Number(readFileSync(file, "utf8"));
    await until(() => !isRunning(grandchild));
  });
});

describe("setup: counting the tests", () => {
  const folder = folders();
  const count = (source: string, say = (_line: string) => {}, grace = 15_000) =>
    countTests(process.execPath, ["-e", source], process.env, { grace, say });
  const tell = (passed: number, failed: number, done: boolean) =>
    `process.send(${JSON.stringify({ passed, failed, done })});`;

  it("takes the count from the report", async () => {
    expect(await count(`${tell(1, 0, false)} ${tell(2, 1, true)} process.exitCode = 1;`)).to.deep.equal({
      passed: 2,
      failed: 1,
    });
    expect(summary({ passed: 2, failed: 1 })).to.equal("2 passed, 1 failed");
  });

  const failures = [
    ["a crash half-way", `${tell(3, 0, false)} process.exitCode = 134;`, /exit code 134 before the last/],
    ["an early end with exit code 0", tell(3, 0, false), /exit code 0 before the last/],
    ["an exit code that does not fit", `${tell(3, 0, true)} process.exitCode = 1;`, /exit code 1, though none failed/],
    ["something left running", `${tell(3, 0, true)} setInterval(() => {}, 1000);`, /left something running/, 100],
  ] as const;
  for (const [name, source, message, grace] of failures) {
    it(`counts ${name} as one failure more, and says so`, async () => {
      const said: string[] = [];
      expect(await count(source, (line) => said.push(line), grace)).to.deep.equal({ passed: 3, failed: 1 });
      expect(said.join()).to.match(message);
    });
  }

  it("keeps what a program prints for later, if told to", async () => {
    const log = join(folder(), "log");
    const output = openSync(log, "w");
    const source = `console.log("out"); console.error("err"); ${tell(1, 0, true)}`;
    const counted = await countTests(process.execPath, ["-e", source], process.env, { output });
    closeSync(output);
    expect(counted).to.deep.equal({ passed: 1, failed: 0 });
    expect(readFileSync(log, "utf8")).to.equal("out\nerr\n");
  });

  const filesOf = (globs: readonly string[]) => globs.flatMap((glob) => globSync(glob, { cwd: ROOT }));

  it("runs each test in one of two halves", () => {
    const whole = globSync("test/**/*.test.ts", { cwd: ROOT, exclude: ["test/long/**"] });
    const [first = [], second = []] = TESTS.halves.map(filesOf);
    expect(first).to.have.length.above(20);
    expect(second).to.have.length.above(3);
    expect([...first, ...second]).to.have.members(whole);
  });

  it("runs what takes long, and whatever is left to chance, in the long tests, once", () => {
    const files = filesOf(LONG_TESTS.halves.flat());
    const whole = globSync("test/**/*.test.ts", { cwd: ROOT, exclude: ["test/setup/**"] });
    const byChance = whole.filter((file) => {
      const text = readFileSync(join(ROOT, file), "utf8");
      return text.includes('from "fast-check"') && !text.includes("withSandbox");
    });
    expect(byChance).to.have.length.above(10);
    expect(files).to.include.members([...byChance, ...globSync("test/{long,simulation}/*.test.ts", { cwd: ROOT })]);
    expect(new Set(files).size).to.equal(files.length);
  });

  it("tells files from mocha's options, and knows no others", () => {
    expect(readArgs(["test/a.test.ts", "--grep", "a word", "-b"])).to.deep.equal({
      flags: ["--grep", "a word", "--bail"],
      files: ["test/a.test.ts"],
    });
    expect(readArgs(["-g", "word"])).to.deep.equal({ flags: ["--grep", "word"], files: [] });
    expect(() => readArgs(["--gerp", "word"])).to.throw(SetupError, "--gerp");
  });

  it("lists what took longest, the slowest first", async () => {
    const timings = Array.from({ length: 30 }, (_, i) => ({ title: `test ${i}`, seconds: i }));
    const source = `process.send(${JSON.stringify({ passed: 30, failed: 0, done: true, timings })});`;
    const all: typeof timings = [];
    await countTests(process.execPath, ["-e", source], process.env, { timings: all });
    const lines = slowest(all).split("\n");
    expect(lines).to.have.length(21);
    expect(lines.slice(0, 3)).to.deep.equal(["The slowest 20:", "    29.0 s  test 29", "    28.0 s  test 28"]);
  });

  it("counts no test at all as a failure", async () => {
    expect(await count(tell(0, 0, true))).to.deep.equal({ passed: 0, failed: 1 });
  });
});
