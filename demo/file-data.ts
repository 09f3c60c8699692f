import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Resource } from "../core/model/model.js";
import type { Admin } from "./admin.js";

/** The files of a directory by their paths in it. */
export type Tree = ReadonlyMap<string, Buffer>;

const FILES_A_DAY = 8;
const KIB = 1024;

/** Writes files into file systems and remembers what each of them holds. */
export class FileScribe {
  readonly #admin: Pick<Admin, "filesOf">;
  #round = 0;

  constructor(admin: Pick<Admin, "filesOf">) {
    this.#admin = admin;
  }

  /** New files in every file system, one that changes and one that goes. Returns what each now holds. */
  async write(resources: readonly Resource[]): Promise<ReadonlyMap<string, Tree>> {
    this.#round += 1;
    const held = resources.flatMap(({ region, members }) =>
      members.map(async ({ id }) => {
        const directory = await this.#admin.filesOf(region, id);
        await this.#writeInto(directory);
        return [id, await treeOf(directory)] as const;
      }),
    );
    return new Map(await Promise.all(held));
  }

  async #writeInto(directory: string): Promise<void> {
    const folder = join(directory, "projects", `round-${this.#round}`);
    await mkdir(folder, { recursive: true });
    for (let index = 1; index <= FILES_A_DAY; index++)
      await writeFile(join(folder, `file-${index}`), randomBytes(index * KIB));
    await writeFile(join(directory, "latest"), `round ${this.#round}\n`);
    await rm(join(directory, "projects", `round-${this.#round - 1}`, "file-1"), { force: true });
  }
}

/** All files of a directory. */
export async function treeOf(directory: string): Promise<Tree> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = files.map(async (file) => [file.slice(directory.length + 1), await readFile(file)] as const);
  return new Map(await Promise.all(read));
}

/** The first file that is missing, more or other than it should be, and which of these; undefined where all are the same. */
export function firstOtherFile(expected: Tree, found: Tree): string | undefined {
  for (const path of [...new Set([...expected.keys(), ...found.keys()])].sort()) {
    const [right, seen] = [expected.get(path), found.get(path)];
    if (!seen) return `${path} is missing`;
    if (!right) return `${path} should not be there`;
    if (!right.equals(seen)) return `${path} is another`;
  }
  return undefined;
}
