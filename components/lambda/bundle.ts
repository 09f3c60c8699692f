import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type BuildOptions, buildSync, version } from "esbuild";
import { FUNCTIONS, type FunctionName } from "../../core/names/names.js";
import { areUnchanged, type Inputs, inputsOf } from "./bundle-inputs.js";

/** The project's folder, where Pulumi.yaml and package.json lie. */
export const PROJECT = path.join(__dirname, "..", "..");

const DIST = path.join(PROJECT, "dist", "functions");

/** How every function is bundled. */
export const BUNDLE = {
  absWorkingDir: PROJECT,
  bundle: true,
  write: false,
  platform: "node",
  target: "node22",
  format: "cjs",
  mainFields: ["module", "main"],
  minify: true,
  legalComments: "none",
  logLevel: "silent",
} as const satisfies BuildOptions;

/** What the bundles in `DIST` were made of. */
const RECORD = path.join(DIST, "inputs.json");
const RECIPE = JSON.stringify({ version, functions: FUNCTIONS, ...BUNDLE, absWorkingDir: undefined });

/**
 * Bundles the handler of a function, its libraries and the AWS SDK into one CommonJS file and returns that file's path
 * relative to the working folder: the engine resolves paths of archives there, and the path is also the file's name in
 * the archive. Same source, same bytes.
 *
 * CommonJS, because Lambda's nodejs22.x has require(esm) disabled. The SDK is inside, as AWS advises for cold starts.
 */
export function bundle(fn: FunctionName): string {
  const file = path.join(DIST, fn, "handler.js");
  const relative = path.relative(process.cwd(), file);
  if (relative.startsWith("..")) throw new Error(`run the program in ${PROJECT}, or above it, not in ${process.cwd()}`);
  if (!isBuilt) bundleAll();
  isBuilt = true;
  return relative.split(path.sep).join("/");
}

/** One program bundles once. */
let isBuilt = false;

/** All functions in one call, so that what they share is read once; each bundle has the bytes that it has alone. */
function bundleAll(): void {
  if (isCurrent()) return;
  // Two seconds earlier: the clocks of process and file system differ by some milliseconds.
  const since = performance.timeOrigin + performance.now() - 2_000;
  const entryPoints = FUNCTIONS.map((fn) => path.join("functions", fn, "handler.ts"));
  const built = buildSync({ ...BUNDLE, entryPoints, outdir: DIST, outbase: "functions", metafile: true });
  for (const output of built.outputFiles) replace(output.path, Buffer.from(output.contents));
  const inputs = inputsOf(PROJECT, built.metafile, since);
  if (inputs) replace(RECORD, Buffer.from(JSON.stringify({ recipe: RECIPE, inputs })));
}

/** Whether the bundles of an earlier program are what would be made now. */
function isCurrent(): boolean {
  try {
    // Our own program wrote it, whole.
    const { recipe, inputs } = JSON.parse(readFileSync(RECORD, "utf8")) as { recipe: string; inputs: Inputs };
    return recipe === RECIPE && areUnchanged(PROJECT, inputs);
  } catch {
    // Not there, or a file that it names is gone.
    return false;
  }
}

/** Writes a file in one step, and only if it changes: two stacks may be deployed at once and read it meanwhile. */
function replace(file: string, content: Buffer): void {
  if (existsSync(file) && readFileSync(file).equals(content)) return;
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, content);
  renameSync(draft, file);
}
