import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { COMPLETE, parse } from "../../../automation/cli/cli.js";
import { commandOf } from "../../support/command.js";

const usage = (...argv: string[]): string => {
  const parsed = parse(argv);
  if (parsed.kind !== "usage") throw new Error(`${argv.join(" ")} was accepted: ${JSON.stringify(parsed)}`);
  return parsed.message;
};

describe("the command line", () => {
  it("gives every command its defaults", () => {
    const common = { json: false, verbose: false, env: "default" };
    const undecided = { adopt: [], forget: [] };
    expect(commandOf("up")).to.deep.equal({ ...common, ...undecided, name: "up", workload: false, yes: false });
    expect(commandOf("down")).to.deep.equal({ ...common, ...undecided, name: "down", yes: false, purge: false });
    expect(commandOf("preview")).to.deep.equal({ ...common, name: "preview", workload: false });
    expect(commandOf("refresh")).to.deep.equal({ ...common, ...undecided, name: "refresh" });
    expect(commandOf("cancel")).to.deep.equal({ ...common, name: "cancel", yes: false });
    expect(commandOf("doctor")).to.deep.equal({ ...common, name: "doctor" });
    expect(commandOf("plan")).to.deep.equal({ ...common, name: "plan", all: false });
    expect(commandOf("approve", "held-1")).to.deep.equal({ ...common, name: "approve", run: "held-1", yes: false });
    expect(commandOf("explain", "lsp-1")).to.deep.equal({ ...common, name: "explain", point: "lsp-1" });
    expect(commandOf("adopt", "--policy", "gold")).to.deep.equal({
      ...{ ...common, name: "adopt", policy: "gold", from: [], yes: false },
    });
    expect(commandOf("alarm")).to.deep.equal({ ...common, name: "alarm" });
    expect(commandOf("run")).to.deep.equal({
      ...common,
      name: "run",
      resources: [],
      wait: false,
      yes: false,
      timeoutMs: 900_000,
    });
    const [home, away] = ["us-east-1", "us-west-2"];
    expect(commandOf("smoke")).to.deep.equal({ ...common, name: "smoke", home, away, yes: false });
    expect(commandOf("rights")).to.deep.equal({ ...common, name: "rights", workload: false, purge: false });
    expect(commandOf("sandbox", "env")).to.deep.equal({ ...common, name: "sandbox", verb: "env" });
  });

  it("takes the options of each command, and the shared ones anywhere", () => {
    expect(commandOf("--json", "up", "--target", "aws", "--workload", "--env", "blue")).to.include({
      json: true,
      target: "aws",
      workload: true,
      env: "blue",
    });
    expect(
      commandOf("run", "--policy", "gold", "--resource", "i-1", "--resource", "i-2", "--timeout", "5"),
    ).to.deep.include({
      policy: "gold",
      resources: ["i-1", "i-2"],
      timeoutMs: 5_000,
    });
    expect(commandOf("sandbox", "up", "--port", "4600")).to.include({ verb: "up", port: 4600 });
    expect(commandOf("sandbox", "fault")).to.include({ verb: "fault", fault: "list" });
    expect(commandOf("sandbox", "fault", "clear")).to.include({ verb: "fault", fault: "clear" });
    expect(commandOf("sandbox", "fault", "throttle", "ec2:CopySnapshot", "--tokens", "9", "--refill", "2"))
      .to.have.property("fault")
      .that.deep.equals({
        add: {
          calls: {
            mode: "throttle",
            service: "ec2",
            action: "CopySnapshot",
            bucket: { tokens: 9, perSecond: 2 },
          },
        },
      });
    expect(commandOf("sandbox", "fault", "fail", "copySnapshot", "--region", "us-west-2", "--times", "2"))
      .to.have.property("fault")
      .that.deep.equals({ add: { endings: { event: "copySnapshot", region: "us-west-2", times: 2 } } });
    expect(commandOf("sandbox", "clock", "+3d", "--replay")).to.include({ verb: "clock", to: "+3d", replay: true });
  });

  it("takes an environment by name, with a workload", () => {
    expect(commandOf("env", "up", "blue", "--target", "sandbox")).to.include({
      name: "up",
      env: "blue",
      workload: true,
      target: "sandbox",
    });
    expect(commandOf("env", "down", "blue", "--purge", "--yes")).to.include({
      name: "down",
      env: "blue",
      purge: true,
      yes: true,
    });
    expect(commandOf("env", "list")).to.include({ name: "envs" });
    expect(usage("env", "up")).to.contain("name the environment");
    expect(usage("env", "up", "Blue")).to.contain("Blue");
    expect(usage("env", "list", "blue")).to.contain("no name");
    expect(usage("env", "up", "blue", "--purge")).to.contain("--purge");
    expect(usage("env", "down", "blue", "--target", "aws")).to.contain("--target");
  });

  it("completes words for a shell", async () => {
    const script = parse(["completion"]);
    expect(script.kind === "help" && script.text).to.contain(COMPLETE);
    const complete = async (...words: string[]) => {
      const args = ["--import", "tsx", join(__dirname, "../../../automation/main.ts"), COMPLETE, "lockstep", ...words];
      return (await promisify(execFile)(process.execPath, args)).stdout.split("\n");
    };
    expect(await complete("san")).to.include("sandbox");
    expect(await complete("run", "--po")).to.include("--policy");
  });

  it("names what it does not know", () => {
    expect(usage()).to.contain("lockstep --help");
    expect(usage("frobnicate")).to.contain("frobnicate");
    expect(usage("up", "--force")).to.contain("force");
    expect(usage("status", "extra")).to.contain("extra");
    expect(usage("up", "--target", "moon"))
      .to.contain("moon")
      .and.to.contain("sandbox");
    expect(usage("sandbox", "melt")).to.contain("melt");
    expect(usage("run", "--policy")).to.contain("policy");
    expect(usage("run", "--timeout", "soon")).to.contain("--timeout");
    expect(usage("sandbox", "down", "--port", "1")).to.contain("--port");
    expect(usage("sandbox", "down", "+3d")).to.contain("does not take +3d");
    expect(usage("sandbox", "clock", "--replay")).to.contain("clock +3d --replay");
    expect(usage("sandbox", "up", "--times", "1")).to.contain("--times goes with `sandbox fault` only");
    expect(usage("sandbox", "fault", "explode")).to.contain("there is no fault explode; there are: throttle");
    expect(usage("sandbox", "fault", "lost", "--percent", "3")).to.contain("takes no --percent, but --times");
    expect(usage("sandbox", "fault", "throttle", "--tokens", "3")).to.contain("--tokens and --refill go together");
    expect(usage("sandbox", "fault", "error", "ec2:")).to.contain("service:Action");
    expect(usage("sandbox", "fault", "clear", "ec2")).to.contain("does not take ec2");
    expect(usage("sandbox", "up", "--port", "70000")).to.contain("65535");
    expect(usage("up", "--env", "../etc")).to.contain("../etc");
  });

  it("gives help as text", () => {
    const all = parse(["--help"]);
    expect(all).to.include({ kind: "help" });
    for (const name of [
      "up",
      "down",
      "preview",
      "refresh",
      "cancel",
      "env",
      "outputs",
      "run",
      "plan",
      "explain",
      "status",
      "doctor",
      "sandbox",
    ]) {
      expect(all.kind === "help" && all.text).to.contain(`lockstep ${name}`);
    }
    expect(parse(["run", "--help"])).to.satisfy(
      (p: ReturnType<typeof parse>) => p.kind === "help" && p.text.includes("--wait"),
    );
  });
});
