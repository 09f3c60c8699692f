/**
 * Completes package-lock.json for other platforms: `node setup/complete-lock.mjs`, after `npm install`.
 *
 * npm leaves optional packages out of the lock that the registry at hand does not have (a mirror may keep only its own
 * platform's), and `npm ci` then refuses the lock everywhere. Their versions are known, because the packages that want
 * them name them exactly; only the checksum is not, and npm takes it from the registry that has them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT } from "./context.mjs";

/**
 * @typedef {object} Entry
 * @property {string} [version]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 * @property {string[]} [libc]
 * @property {Record<string, string>} [optionalDependencies]
 */

const SYSTEMS = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const CPUS = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"];
const LIBCS = new Map([
  ["gnu", "glibc"],
  ["gnueabihf", "glibc"],
  ["musl", "musl"],
  ["musleabihf", "musl"],
]);

/**
 * @param {Record<string, Entry>} packages package-lock.json's; entries are added
 * @returns {string[]} what was added
 */
export function complete(packages) {
  /** @type {string[]} */
  const added = [];
  for (const [path, { optionalDependencies, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
      if (isInstalledFor(packages, path, name)) continue;
      if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`${name}: ${path} names no exact version, but ${version}`);
      const { os, cpu, libc } = platformOf(name);
      packages[`node_modules/${name}`] = {
        version,
        cpu,
        ...(dev && { dev }),
        ...(libc && { libc }),
        optional: true,
        os,
      };
      added.push(`${name}@${version}`);
    }
  }
  return added;
}

/**
 * Node's rule: the nearest node_modules going up.
 * @param {Record<string, Entry>} packages @param {string} path @param {string} name
 */
function isInstalledFor(packages, path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    if (packages[`${at === "" ? "" : `${at}/`}node_modules/${name}`] !== undefined) return true;
    if (at === "") return false;
  }
}

/** @param {string} name such as @biomejs/cli-linux-arm64-musl */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = CPUS.find((candidate) => words.includes(candidate));
  if (os === undefined || cpu === undefined) throw new Error(`${name}: for which platform is it?`);
  const libc = words.map((word) => LIBCS.get(word)).find((found) => found !== undefined);
  return { os: [os], cpu: [cpu], libc: os === "linux" && libc !== undefined ? [libc] : undefined };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = join(ROOT, "package-lock.json");
  const lock = JSON.parse(readFileSync(file, "utf8"));
  const added = complete(lock.packages);
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en"));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, undefined, 2)}\n`);
  console.log(added.length === 0 ? "package-lock.json is complete" : `added ${added.join(", ")}`);
}
