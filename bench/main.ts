/** `npm run bench [-- part …]`: measures, and prints tables with the goals. A missed goal is told, and is no failure. */
import { cpus } from "node:os";
import { lambdaRows } from "./lambda.js";
import { type Row, table } from "./table.js";

interface Part {
  readonly title: string;
  /** How long it takes on two quiet processors. */
  readonly usually: string;
  readonly rows: () => Promise<Row[]>;
}

const PARTS: Readonly<Record<string, Part>> = {
  planner: { title: "Planner", usually: "1 minute", rows: async () => (await import("./planner.js")).plannerRows() },
  lambda: { title: "Lambda functions", usually: "1 minute", rows: lambdaRows },
  cycle: { title: "Cycles", usually: "4 minutes", rows: async () => (await import("./cycle.js")).cycleRows() },
  fsx: { title: "FSx", usually: "4 minutes", rows: async () => (await import("./fsx.js")).fsxRows() },
  scale: { title: "Scale", usually: "4 minutes", rows: async () => (await import("./scale.js")).scaleRows() },
  deploy: { title: "Deployment", usually: "3 minutes", rows: async () => (await import("./deploy.js")).deployRows() },
};

/** How often a part says that it is still at work. */
const STILL_MS = 30_000;

/** Measures a part, and tells meanwhile how far that is: on stderr, the tables go elsewhere. */
async function measured(name: string, { usually, rows }: Part): Promise<Row[]> {
  const began = performance.now();
  const seconds = () => `${Math.round((performance.now() - began) / 1000)} s`;
  console.error(`${name}: usually ${usually} on two quiet processors …`);
  const still = setInterval(() => console.error(`${name}: still at it after ${seconds()}`), STILL_MS);
  try {
    const found = await rows();
    console.error(`${name}: done in ${seconds()}`);
    return found;
  } finally {
    clearInterval(still);
  }
}

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => PARTS[name] === undefined);
  if (unknown !== undefined) {
    console.error(`there is no part ${unknown}; there are: ${Object.keys(PARTS).join(", ")}`);
    return 2;
  }
  console.log(`${cpus().length} CPUs (${cpus()[0]?.model ?? "unknown"}), Node.js ${process.version}\n`);
  for (const [name, part] of Object.entries(PARTS)) {
    if (names.length === 0 || names.includes(name)) console.log(table(part.title, await measured(name, part)));
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
