import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface OfficialProvider {
  readonly name: string;
  readonly version: string;
}

/** The official providers that the engine lacks, of those that the program uses; the versions are the program's. */
export async function missingProviders(): Promise<OfficialProvider[]> {
  const { stdout } = await run("pulumi", ["plugin", "ls", "--json"]);
  // The engine's own listing (pulumi plugin ls --help).
  const plugins = JSON.parse(stdout) as readonly {
    readonly name: string;
    readonly kind: string;
    readonly version?: string;
  }[];
  const isThere = ({ name, version }: OfficialProvider) =>
    plugins.some((p) => p.kind === "resource" && p.name === name && p.version === version);
  return OFFICIAL.filter((provider) => !isThere(provider));
}

/** The packages that the program is written for name the versions of the plugins; every package.json has one. */
const OFFICIAL: readonly OfficialProvider[] = [
  { name: "aws", version: (require("@pulumi/aws/package.json") as { readonly version: string }).version },
  { name: "awsx", version: (require("@pulumi/awsx/package.json") as { readonly version: string }).version },
];
