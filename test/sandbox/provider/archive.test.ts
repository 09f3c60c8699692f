import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { expect } from "chai";
import { archiveZip } from "../../../sandbox/provider/calls/archive.js";
import { ARCHIVE, ASSET, decode, encode } from "../../../sandbox/provider/wire.js";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const asset = (content: object) => ({ [SIGNATURE]: ASSET, ...content });
const archive = (content: object) => ({ [SIGNATURE]: ARCHIVE, ...content });

/** Name, text and mode of each file of a ZIP, by its central directory. */
function unzip(zip: Buffer): string[] {
  const end = zip.lastIndexOf("PK\u0005\u0006", undefined, "latin1");
  const files: string[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString("utf8", at + 46, at + 46 + nameLength);
    const mode = (zip.readUInt32LE(at + 38) >>> 16) & 0o777;
    const local = zip.readUInt32LE(at + 42);
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(data, data + zip.readUInt32LE(at + 20));
    files.push(`${name} ${mode.toString(8)} ${inflateRawSync(packed).toString()}`);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}

describe("archives", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "lockstep-archive-"));
    await mkdir(join(folder, "lib/deep"), { recursive: true });
    await writeFile(join(folder, "lib/deep/b.js"), "b");
    await writeFile(join(folder, "lib/run.sh"), "#!");
    await chmod(join(folder, "lib/run.sh"), 0o755);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("packs texts, files and folders, by paths relative to the project", async () => {
    const assets = {
      "z.txt": asset({ text: "zed" }),
      "./dist/b.js": asset({ path: "lib/deep/b.js" }),
      inner: archive({ assets: { "ä.txt": asset({ text: "umlaut" }) } }),
      lib: archive({ path: "lib" }),
    };
    expect(unzip(await archiveZip(archive({ assets }), folder))).to.deep.equal([
      "dist/b.js 644 b",
      "inner/ä.txt 644 umlaut",
      "lib/deep/b.js 644 b",
      "lib/run.sh 755 #!",
      "z.txt 644 zed",
    ]);
  });

  it("gives the same bytes for the same content, whatever the order", async () => {
    const [a, b] = [asset({ text: "1" }), asset({ text: "2" })];
    const first = await archiveZip(archive({ assets: { a, b } }), folder);
    expect(first.equals(await archiveZip(archive({ assets: { b, a } }), folder))).to.equal(true);
    expect(first.equals(await archiveZip(archive({ assets: { a, b: a } }), folder))).to.equal(false);
  });

  it("refuses what it cannot pack, by name", async () => {
    const failure = (content: object) =>
      archiveZip(archive(content), folder).then(
        () => "no error",
        (error: unknown) => String(error),
      );
    expect(await failure({ assets: { "../x": asset({ text: "" }) } })).to.contain('"../x" leads out of the archive');
    expect(await failure({ uri: "https://example.com/a.zip" })).to.contain("https://example.com/a.zip");
    expect(await failure({ path: "lib/run.sh" })).to.contain("lib/run.sh");
  });
});

describe("values on the wire", () => {
  it("come back with their secrets where they were", () => {
    const secret = { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value: "s" };
    const sent = { plain: "p", map: { a: secret, b: "b" }, list: [{ c: secret }], gone: null };
    const { props, secrets } = decode(encode(sent));
    expect(props).to.deep.equal({ plain: "p", map: { a: "s", b: "b" }, list: [{ c: "s" }] });
    expect(encode(props, secrets).toJavaScript()).to.deep.equal({
      plain: "p",
      map: { a: secret, b: "b" },
      // Its elements may come in another order, so that the whole list is secret.
      list: { ...secret, value: [{ c: "s" }] },
    });
  });

  it("hide text that was made of a secret", () => {
    const secret = { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value: "s" };
    const { secrets } = decode(encode({ policy: { Statement: [{ Resource: secret }] } }));
    expect(encode({ policy: '{"Resource":"s"}' }, secrets).toJavaScript()).to.deep.equal({
      policy: { ...secret, value: '{"Resource":"s"}' },
    });
  });
});
