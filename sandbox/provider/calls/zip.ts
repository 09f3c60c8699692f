import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";

export interface ZipEntry {
  readonly name: string;
  readonly data: Buffer;
  readonly executable: boolean;
}

/** The first day that ZIP can write, in local time, as it writes all times: the same files give the same bytes. */
const FIRST_DAY = new Date(1980, 0, 1);

/** A ZIP file of these entries, the same bytes whenever the content is the same. */
export function zip(entries: readonly ZipEntry[]): Promise<Buffer> {
  const file = new ZipFile();
  for (const { name, data, executable } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const mode = executable ? 0o100755 : 0o100644;
    file.addBuffer(data, name, { mode, mtime: FIRST_DAY, forceDosTimestamp: true });
  }
  file.end();
  return buffer(file.outputStream);
}
