import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type OutputFile } from "esbuild";
import { BUNDLE, PROJECT } from "../components/lambda/bundle.js";
import { FUNCTIONS } from "../core/names/names.js";
import { measure, type Size } from "./sizes.js";
import type { Row } from "./table.js";

const IMPORTS = 20;
/** Import of a function beside import of what it imports of the SDK. */
const COLD_GOAL = 1.2;

/** Sizes of the functions' packages, and how long a new process takes to load each. */
export async function lambdaRows(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "lockstep-bench-"));
  try {
    const rows: Row[] = [];
    for (const fn of FUNCTIONS) {
      const size = await measure(fn);
      const { ours, bare } = await coldImports(fn, size, folder);
      rows.push(
        { what: `${fn}: our code and its libraries`, measured: size.own / 1000, unit: "kB" },
        { what: `${fn}: archive with the SDK`, measured: size.zip / 1000, unit: "kB" },
        {
          what: `${fn}: cold import, over the bare SDK's`,
          measured: ours / bare,
          unit: "x",
          goal: COLD_GOAL,
          beside: `${ours.toFixed(0)} ms, SDK alone ${bare.toFixed(0)} ms`,
        },
      );
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Milliseconds of processor time, the least of several: what else a machine does counts little in them, and only adds. The two
 * take turns.
 */
async function coldImports(fn: string, size: Size, folder: string): Promise<{ ours: number; bare: number }> {
  const [function_, sdk] = [join(folder, `${fn}.cjs`), join(folder, `${fn}-sdk.cjs`)];
  writeFileSync(function_, size.code);
  writeFileSync(sdk, await sdkAlone(fn));
  const times: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
  for (let i = 0; i < IMPORTS; i++) {
    times.ours.push(coldImport(function_));
    times.bare.push(coldImport(sdk));
  }
  return { ours: Math.min(...times.ours), bare: Math.min(...times.bare) };
}

/** What a function reads while it loads; nothing is called. */
const ENVIRONMENT = {
  AWS_REGION: "us-east-1",
  LOCKSTEP_DEPLOYMENT: "bench",
  LOCKSTEP_ROLE: "primary",
  LOCKSTEP_TABLE: "bench",
  LOCKSTEP_BUCKET: "bench",
  LOCKSTEP_TOPIC_ARN: "arn:aws:sns:us-east-1:000000000000:bench",
  LOCKSTEP_STATE_MACHINE_ARN: "arn:aws:states:us-east-1:000000000000:stateMachine:bench",
};

function coldImport(file: string): number {
  // Open before, as they are where a function runs: to open them is no part of its code.
  const script = `
    void [process.stdout, process.stderr];
    const began = process.cpuUsage();
    require(${JSON.stringify(file)});
    const { user, system } = process.cpuUsage(began);
    console.log((user + system) / 1000)`;
  return Number(execFileSync(process.execPath, ["-e", script], { encoding: "utf8", env: ENVIRONMENT }));
}

/** A bundle of just what a function uses of the SDK: its clients, made, its commands and paginators. */
async function sdkAlone(fn: string): Promise<Uint8Array> {
  const entryPoints = [join("functions", fn, "handler.ts")];
  // With the SDK outside, the bundle names what of it our code uses; it also keeps the imports of code that was shaken off.
  const ours = await build({ ...BUNDLE, entryPoints, format: "esm", minify: false, external: ["@aws-sdk/*"] });
  const IMPORT = /^import \{([^}]*)\} from "(@aws-sdk\/[^"]+)";/gm;
  const code = textOf(ours).replaceAll(IMPORT, "");
  const isUsed = (name: string) => new RegExp(`\\b${name.split(" as ").at(-1)}\\b`).test(code);
  const imports = Map.groupBy(textOf(ours).matchAll(IMPORT), ([, , from = ""]) => from);
  const lines = [...imports].flatMap(([from, all]) => {
    const lists = all.flatMap(([, list = ""]) => list.split(",").map((name) => name.trim()));
    const names = [...new Set(lists.filter(isUsed).map((name) => name.replace(/ as .*/, "")))];
    if (names.length === 0) return [];
    // The document client is made of another one.
    const clients = names.filter((name) => name.endsWith("Client") && name !== "DynamoDBDocumentClient");
    return [
      `export { ${names.join(", ")} } from "${from}";`,
      ...clients.map(
        (client) => `import { ${client} } from "${from}"; new ${client}({ region: process.env.AWS_REGION });`,
      ),
    ];
  });
  if (lines.length === 0) throw new Error(`functions/${fn} uses nothing of the SDK`);
  const stdin = { contents: lines.join("\n"), resolveDir: PROJECT, loader: "ts" } as const;
  return Buffer.from(textOf(await build({ ...BUNDLE, stdin })));
}

function textOf({ outputFiles: [output] }: { readonly outputFiles: readonly OutputFile[] }): string {
  if (!output) throw new Error("esbuild made nothing");
  return output.text;
}
