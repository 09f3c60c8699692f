import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type BuildOptions, buildSync } from "esbuild";

/** The project's folder, where Pulumi.yaml and package.json lie. */
export const PROJECT = path.join(__dirname, "..");

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

/**
 * Bundles the handler of a function, its libraries and the AWS SDK into one CommonJS file and returns that file's path
 * relative to the working folder: the engine resolves paths of archives there, and the path is also the file's name in
 * the archive. Same source, same bytes.
 *
 * CommonJS, because Lambda's nodejs22.x has require(esm) disabled. The SDK is inside, as AWS advises for cold starts.
 */
export function bundle(fn: string): string {
  const known = bundled.get(fn);
  if (known !== undefined) return known;
  const file = path.join(PROJECT, "dist", "functions", fn, "handler.js");
  const relative = path.relative(process.cwd(), file);
  if (relative.startsWith("..")) throw new Error(`run the program in ${PROJECT}, or above it, not in ${process.cwd()}`);
  const built = buildSync({ ...BUNDLE, entryPoints: [path.join("functions", fn, "handler.ts")] });
  const [output] = built.outputFiles;
  if (!output) throw new Error(`esbuild made nothing of functions/${fn}/handler.ts`);
  replace(file, Buffer.from(output.contents));
  const result = relative.split(path.sep).join("/");
  bundled.set(fn, result);
  return result;
}

/** One program bundles each function once. */
const bundled = new Map<string, string>();

/** Writes a file in one step, and only if it changes: two stacks may be deployed at once and read it meanwhile. */
function replace(file: string, content: Buffer): void {
  if (existsSync(file) && readFileSync(file).equals(content)) return;
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, content);
  renameSync(draft, file);
}
