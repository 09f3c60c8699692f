/** Writes the tables of docs/configuration.md anew: `npm run docs`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withTables } from "./tables.js";

const page = join(__dirname, "configuration.md");
writeFileSync(page, withTables(readFileSync(page, "utf8")));
console.log(`wrote the tables of ${page}`);
