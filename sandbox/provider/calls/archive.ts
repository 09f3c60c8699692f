import { readdir, readFile, stat } from "node:fs/promises";
import { join, posix, resolve } from "node:path";
import { ARCHIVE, ASSET, isProps, type Props, signatureOf, type Value } from "../wire.js";
import { type ZipEntry, zip } from "./zip.js";

/** The bytes of an asset: its text, or the file at its path. */
export async function assetBytes(asset: Value, projectRoot: string): Promise<Buffer> {
  if (!isProps(asset) || signatureOf(asset) !== ASSET) throw new Error("expected an asset");
  const { text, path, uri } = asset;
  if (typeof path === "string" && path !== "") return readFile(resolve(projectRoot, path));
  if (typeof uri === "string" && uri !== "") throw new Error(`the sandbox does not fetch remote assets: ${uri}`);
  return Buffer.from(typeof text === "string" ? text : "", "utf8");
}

/** An archive as a ZIP: the file itself where it is one, else its content in a ZIP that is the same each time. */
export async function archiveZip(archive: Props, projectRoot: string): Promise<Buffer> {
  const { path } = archive;
  if (typeof path === "string" && path.endsWith(".zip")) return readFile(resolve(projectRoot, path));
  return zip(await entriesOf(archive, "", projectRoot));
}

async function entriesOf(archive: Props, prefix: string, projectRoot: string): Promise<ZipEntry[]> {
  const { assets, path, uri } = archive;
  if (typeof uri === "string" && uri !== "") throw new Error(`the sandbox does not fetch remote archives: ${uri}`);
  if (typeof path === "string" && path !== "") return fromDisk(resolve(projectRoot, path), prefix);
  const found: ZipEntry[] = [];
  for (const [name, item] of Object.entries(isProps(assets) ? assets : {})) {
    const at = posix.join(prefix, name);
    if (at.startsWith("/") || at.startsWith("..")) throw new Error(`"${name}" leads out of the archive`);
    if (isProps(item) && signatureOf(item) === ARCHIVE) found.push(...(await entriesOf(item, at, projectRoot)));
    else
      found.push({
        name: at,
        data: await assetBytes(item, projectRoot),
        executable: await isExecutable(item, projectRoot),
      });
  }
  return found;
}

/** A folder with all that is in it. */
async function fromDisk(root: string, prefix: string): Promise<ZipEntry[]> {
  const info = await stat(root);
  if (!info.isDirectory()) throw new Error(`the sandbox packs folders and .zip files, not ${root}`);
  const found: ZipEntry[] = [];
  for (const entry of await readdir(root, { withFileTypes: true, recursive: true })) {
    const full = join(entry.parentPath, entry.name);
    const file = await stat(full);
    if (!file.isFile()) continue;
    const name = posix.join(prefix, full.slice(root.length + 1));
    found.push({ name, data: await readFile(full), executable: (file.mode & 0o111) !== 0 });
  }
  return found;
}

async function isExecutable(asset: Value, projectRoot: string): Promise<boolean> {
  const path = isProps(asset) ? asset["path"] : undefined;
  if (typeof path !== "string" || path === "") return false;
  return ((await stat(resolve(projectRoot, path))).mode & 0o111) !== 0;
}
