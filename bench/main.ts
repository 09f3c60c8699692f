/** `npm run bench [-- part …]`: measures, and prints tables with the goals. A missed goal is told, and is no failure. */
import { cpus } from "node:os";
import { lambdaRows } from "./lambda.js";
import { type Row, table } from "./table.js";

const PARTS: Readonly<Record<string, { readonly title: string; readonly rows: () => Promise<Row[]> }>> = {
  planner: { title: "Planner", rows: async () => (await import("./planner.js")).plannerRows() },
  lambda: { title: "Lambda functions", rows: lambdaRows },
  cycle: { title: "Cycles", rows: async () => (await import("./cycle.js")).cycleRows() },
  scale: { title: "Scale", rows: async () => (await import("./scale.js")).scaleRows() },
  deploy: { title: "Deployment", rows: async () => (await import("./deploy.js")).deployRows() },
};

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => PARTS[name] === undefined);
  if (unknown !== undefined) {
    console.error(`there is no part ${unknown}; there are: ${Object.keys(PARTS).join(", ")}`);
    return 2;
  }
  console.log(`${cpus().length} CPUs (${cpus()[0]?.model ?? "unknown"}), Node.js ${process.version}\n`);
  for (const [name, { title, rows }] of Object.entries(PARTS)) {
    if (names.length === 0 || names.includes(name)) console.log(table(title, await rows()));
  }
  return 0;
}

void main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
