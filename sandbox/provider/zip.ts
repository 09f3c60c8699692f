import { crc32, deflateRawSync } from "node:zlib";

export interface ZipEntry {
  readonly name: string;
  readonly data: Buffer;
  readonly executable: boolean;
}

/** 1980-01-01, the first day ZIP can write: the same files give the same bytes. */
const DOS_DATE = 0x0021;
const MADE_BY_UNIX = 0x0314;
const VERSION = 20;
const UTF8_NAMES = 0x0800;
const DEFLATE = 8;

/** A ZIP file of these entries, the same bytes whenever the content is the same (PKWARE APPNOTE 6.3, no ZIP64). */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of sorted) {
    const name = Buffer.from(entry.name, "utf8");
    const packed = deflateRawSync(entry.data, { level: 6 });
    const common = commonHeader(entry.data, packed, name);
    const local = Buffer.concat([le32(0x04034b50), le16(VERSION), common, le16(0), name, packed]);
    files.push(local);
    directory.push(centralHeader(entry, common, name, offset));
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const counts = [le16(0), le16(0), le16(sorted.length), le16(sorted.length)];
  const end = Buffer.concat([le32(0x06054b50), ...counts, le32(central.length), le32(offset), le16(0)]);
  return Buffer.concat([...files, central, end]);
}

/** What the local and the central header share: flags to name length. */
function commonHeader(data: Buffer, packed: Buffer, name: Buffer): Buffer {
  const times = [le16(0), le16(DOS_DATE)];
  const sizes = [le32(crc32(data)), le32(packed.length), le32(data.length)];
  return Buffer.concat([le16(UTF8_NAMES), le16(DEFLATE), ...times, ...sizes, le16(name.length)]);
}

function centralHeader(entry: ZipEntry, common: Buffer, name: Buffer, offset: number): Buffer {
  const mode = entry.executable ? 0o100755 : 0o100644;
  const nothing = [le16(0), le16(0), le16(0), le16(0)]; // extra, comment, disk, internal attributes
  const versions = [le32(0x02014b50), le16(MADE_BY_UNIX), le16(VERSION)];
  return Buffer.concat([...versions, common, ...nothing, le32((mode << 16) >>> 0), le32(offset), name]);
}

function le16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16LE(value);
  return buffer;
}

function le32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}
