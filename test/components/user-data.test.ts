import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { userData } from "../../components/workload/user-data.js";

/** Commands of the instance that need a disk: here they only remember what they were asked. */
const COMMANDS: Readonly<Record<string, string>> = {
  // A device has a file system once one was made on it.
  blkid: '[ "$1" != -s ] || { echo "id-of-$(basename "$5")"; exit; }; grep -q "^mkfs.xfs $1$" "$LOG"',
  "mkfs.xfs": 'echo "mkfs.xfs $1" >> "$LOG"',
  mount: 'echo "mount $(basename "$1")" >> "$LOG"',
  mountpoint: 'grep -q "^mount $(basename "$2")$" "$LOG"',
  sleep: "true",
};

describe("user data of a tier", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "user-data-"));
    for (const folder of ["bin", "etc", "data"]) mkdirSync(join(root, folder));
    for (const file of ["etc/fstab", "log"]) writeFileSync(join(root, file), "");
    for (const [name, body] of Object.entries(COMMANDS)) {
      writeFileSync(join(root, "bin", name), `#!/bin/bash\n${body}\n`);
      chmodSync(join(root, "bin", name), 0o755);
    }
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const file = (name: string): string => readFileSync(join(root, name), "utf8");
  /** A first boot, with the instance's folders in ours. */
  const boot = (devices: readonly string[]): void => {
    const script = userData(devices).replaceAll("/data/", `${root}/data/`).replaceAll("/etc/", `${root}/etc/`);
    const env = { PATH: `${join(root, "bin")}:${process.env["PATH"]}`, LOG: join(root, "log") };
    execFileSync("bash", { input: script, env });
  };

  it("gives each data volume a file system, a mount that lasts, and content", () => {
    boot(["sdf", "sdg"]);
    expect(file("log").trim().split("\n")).to.deep.equal(
      ["sdf", "sdg"].flatMap((device) => [`mkfs.xfs /dev/${device}`, `mount ${device}`]),
    );
    expect(file("etc/fstab").trim().split("\n")).to.deep.equal(
      ["sdf", "sdg"].map((device) => `UUID=id-of-${device} ${root}/data/${device} xfs defaults,nofail 0 2`),
    );
    expect(statSync(join(root, "data/sdg/content")).size).to.equal(16 * 1024 * 1024);
  });

  it("leaves what is there at the first boot of an instance that was restored", () => {
    boot(["sdf"]);
    writeFileSync(join(root, "data/sdf/content"), "mine");
    boot(["sdf"]);
    expect(file("log").trim().split("\n")).to.deep.equal(["mkfs.xfs /dev/sdf", "mount sdf"]);
    expect(file("etc/fstab").trim().split("\n")).to.have.length(1);
    expect(file("data/sdf/content")).to.equal("mine");
    expect(file("data/sdf/first-boots").trim().split("\n")).to.have.length(2);
  });
});
