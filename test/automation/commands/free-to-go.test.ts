import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { dispatch } from "../../../automation/cli/dispatch.js";
import { readEnv } from "../../../automation/deploy/envs.js";
import type { Lock } from "../../../automation/deploy/locks.js";
import { commandOf } from "../../support/command.js";
import { type FakeOptions, type Fakes, fakes } from "../fakes.js";

const LOCK: Lock = { file: "1.json", owner: "u@here, process 7, since noon", alive: true, pid: undefined };

describe("a removal that could not come to its end", () => {
  let deps: Fakes;
  const run = (line: string) => dispatch(commandOf(...line.split(" ")), deps);
  const deployed = async (options: FakeOptions) => {
    deps = await fakes(options);
    expect((await run("up --workload")).ending).to.equal("done");
    deps.seen.engine.length = 0;
  };
  afterEach(() => deps.cleanUp());
  const refused = async (line: string, ending = "refused"): Promise<string> => {
    const outcome = await run(line);
    expect(outcome.ending, outcome.text).to.equal(ending);
    expect(outcome.text).to.contain("Nothing was changed.");
    expect(deps.seen.engine).to.deep.equal([]);
    expect(deps.seen.questions).to.deep.equal([]);
    expect(await readEnv(deps.places, "default")).to.have.property("env", "default");
    return outcome.text;
  };

  it("is not begun where one of its stacks holds what is protected", async () => {
    await deployed({ obstacles: (stack) => (stack === "dr" ? ["2 resource(s) are protected: a, b."] : []) });
    expect(await refused("down --yes")).to.contain("stack dr (eu-central-1): 2 resource(s) are protected: a, b.");
  });

  it("names all that stands in its way, in every stack", async () => {
    await deployed({ obstacles: (stack) => [`${stack} one`, `${stack} two`], unpurgeable: () => ["snap-1 is locked"] });
    const text = await refused("down --purge --yes");
    for (const one of ["primary one", "primary two", "dr two", "workload one", "snap-1 is locked"])
      expect(text).to.contain(one);
  });

  it("is not begun where a state cannot be read", async () => {
    await deployed({
      obstacles: (stack) => {
        if (stack === "primary") throw new Error("no such host");
        return [];
      },
    });
    expect(await refused("down --yes")).to.contain("stack primary (eu-west-1): no such host");
  });

  it("is not begun without credentials", async () => {
    let valid = true;
    await deployed({
      credentials: () => {
        if (!valid) throw new Error("AWS does not say who we are.");
      },
    });
    valid = false;
    expect(await refused("down --yes")).to.contain("AWS does not say who we are.");
  });

  it("is not begun while somebody works on a stack, and is when he is gone", async () => {
    await deployed({ locks: [LOCK] });
    expect(await refused("down --yes", "busy"))
      .to.contain("process 7")
      .and.contain("lockstep cancel");
    await deps.cleanUp();
    await deployed({ locks: [{ ...LOCK, alive: false }] });
    expect((await run("down --yes")).ending).to.equal("done");
  });

  it("of the sandbox is not begun while a stack in it is being deployed", async () => {
    await deployed({});
    const backend = join(deps.places.home, "backend");
    const locks = join(backend, ".pulumi", "locks", "organization", "lockstep", "dr");
    await mkdir(locks, { recursive: true });
    const variables = async () => ({ PULUMI_BACKEND_URL: pathToFileURL(backend).href });
    const asked: string[] = [];
    const command = async (verb: string) => {
      asked.push(verb);
      return { data: {}, text: verb };
    };
    const given = { ...deps, sandbox: { variables, command } };
    const lock = (pid: number) => writeFile(join(locks, "1.json"), JSON.stringify({ pid, hostname: hostname() }));
    await lock(process.pid);
    for (const verb of ["down", "reset"]) {
      const outcome = await dispatch(commandOf("sandbox", verb), given);
      expect(outcome.ending).to.equal("busy");
      expect(outcome.text).to.contain(`process ${process.pid}`).and.contain("Nothing was changed.");
    }
    expect(asked).to.deep.equal([]);
    await lock(spawnSync(process.execPath, ["--version"]).pid);
    expect((await dispatch(commandOf("sandbox", "reset"), given)).ending).to.equal("done");
  });

  it("is not begun with --purge where a recovery point would stay", async () => {
    await deployed({ unpurgeable: (region) => (region === "eu-west-1" ? ["snap-1 is in use by ami-1"] : []) });
    expect(await refused("down --purge --yes")).to.contain("eu-west-1: snap-1 is in use by ami-1");
    expect((await run("down --yes")).ending).to.equal("done");
  });
});
