import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Whether the engine has the official provider of AWS; the version is the program's. */
export async function hasOfficialProvider(version: string): Promise<boolean> {
  const { stdout } = await run("pulumi", ["plugin", "ls", "--json"]);
  // The engine's own listing (pulumi plugin ls --help).
  const plugins = JSON.parse(stdout) as readonly {
    readonly name: string;
    readonly kind: string;
    readonly version?: string;
  }[];
  return plugins.some((p) => p.kind === "resource" && p.name === "aws" && p.version === version);
}

/** The version of `@pulumi/aws` that the program is written for, which names the plugin's. */
export const officialVersion = (): string =>
  // Every package.json has a version.
  (require("@pulumi/aws/package.json") as { readonly version: string }).version;
