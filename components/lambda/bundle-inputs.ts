import { hash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { Metafile } from "esbuild";

/** What bundles were made of. Paths are relative to the project's folder. */
export interface Inputs {
  /** SHA-256 of each file that esbuild read or wrote. */
  readonly files: Readonly<Record<string, string>>;
  /** The files in each folder of ours that it read from: a new one beside another could be imported instead of that. */
  readonly folders: Readonly<Record<string, readonly string[]>>;
}

/**
 * What esbuild read and wrote. Undefined if any of it may have been changed while or after esbuild read it.
 *
 * @param since when the build was started, in milliseconds since 1970
 */
export function inputsOf(root: string, { inputs, outputs }: Metafile, since: number): Inputs | undefined {
  const read = Object.keys(inputs);
  if (read.some((name) => statSync(path.join(root, name)).mtimeMs >= since)) return undefined;
  const ours = read.filter((name) => !name.includes("node_modules/")).map((name) => path.dirname(name));
  const files = [...read, ...Object.keys(outputs)];
  return {
    files: Object.fromEntries(files.map((name) => [name, hashOf(path.join(root, name))])),
    folders: Object.fromEntries([...new Set(ours)].map((folder) => [folder, listOf(path.join(root, folder))])),
  };
}

/** Whether all of it is as it was, byte for byte. */
export const areUnchanged = (root: string, { files, folders }: Inputs): boolean =>
  Object.entries(folders).every(([name, list]) => listOf(path.join(root, name)).join("/") === list.join("/")) &&
  Object.entries(files).every(([name, hash]) => hashOf(path.join(root, name)) === hash);

const hashOf = (file: string): string => hash("sha256", readFileSync(file), "base64");

const listOf = (folder: string): string[] => readdirSync(folder).toSorted();
