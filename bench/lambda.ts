import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { BUNDLE, PROJECT } from "../components/bundle.js";
import { FUNCTIONS } from "../core/names.js";
import { LIMIT, measure, type Size } from "./sizes.js";
import type { Row } from "./table.js";

const IMPORTS = 15;
/** Import of a function beside import of what it imports of the SDK. */
const COLD_GOAL = 1.2;

/** Sizes of the functions' packages, and how long a new process takes to load each. */
export async function lambdaRows(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "lockstep-bench-"));
  try {
    const rows: Row[] = [];
    for (const fn of FUNCTIONS) {
      const size = await measure(fn);
      const { ours, bare } = coldImports(fn, size, folder);
      rows.push(
        { what: `${fn}: our code and its libraries`, measured: size.own / 1000, unit: "kB", goal: LIMIT.own / 1000 },
        { what: `${fn}: archive with the SDK`, measured: size.zip / 1000, unit: "kB", goal: LIMIT.zip / 1000 },
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

/** The shortest of several, in milliseconds: all that a busy machine does makes them longer. The two take turns. */
function coldImports(fn: string, size: Size, folder: string): { readonly ours: number; readonly bare: number } {
  const [function_, sdk] = [join(folder, `${fn}.cjs`), join(folder, `${fn}-sdk.cjs`)];
  writeFileSync(function_, size.code);
  writeFileSync(sdk, sdkAlone(size.files));
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
  const script = `const began = performance.now(); require(${JSON.stringify(file)}); console.log(performance.now() - began)`;
  return Number(execFileSync(process.execPath, ["-e", script], { encoding: "utf8", env: ENVIRONMENT }));
}

/** A bundle of just what our files import of the SDK: clients, commands, paginators. */
function sdkAlone(files: readonly string[]): Uint8Array {
  const wanted = new Map<string, Set<string>>();
  for (const file of files) {
    const source = readFileSync(join(PROJECT, file), "utf8");
    for (const [, names = "", from = ""] of source.matchAll(/^import \{([^}]*)\} from "(@aws-sdk\/[^"]+)";/gm)) {
      const values = names.split(",").map((name) => name.trim());
      const some = wanted.get(from) ?? new Set();
      for (const name of values) if (name !== "" && !name.startsWith("type ")) some.add(name);
      wanted.set(from, some);
    }
  }
  const lines = [...wanted].map(([from, names]) => `export { ${[...names].join(", ")} } from "${from}";`);
  const built = buildSync({ ...BUNDLE, stdin: { contents: lines.join("\n"), resolveDir: PROJECT, loader: "ts" } });
  const [output] = built.outputFiles;
  if (!output) throw new Error("esbuild made nothing of the SDK's imports");
  return output.contents;
}
