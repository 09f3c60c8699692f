#!/usr/bin/env node
/** The `lockstep` command: sets up what is missing, then runs the driver. */
import { main, runProgram } from "./commands.mjs";
import { ensure } from "./install/ensure.mjs";

await main(async () => runProgram(await ensure({ sandbox: true }), "automation/main.ts", process.argv.slice(2)));
