// First of all, so that it also holds while the rest is loaded.
import "./stacks/end-unheard.cjs";
// The engine compiles this file with a loader of its own, which does not find "./x.js" in x.ts; this one does.
import "tsx/cjs";
import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "./core/config/problems.js";
import { deploy } from "./stacks/deploy.js";

// Pulumi takes a stack trace of each resource, and the engine's loader would map every line of each through its own source
// maps, of which there are none: a quarter of the time that an unchanged program takes. Node maps what an error shows.
Reflect.deleteProperty(Error, "prepareStackTrace");

// What the stack says of itself: RegionOutputs of stacks/region.ts, or WorkloadOutputs of stacks/workload.ts.
module.exports = outputs();

function outputs(): object {
  try {
    return deploy(pulumi.runtime.allConfig());
  } catch (error) {
    // The engine shows a RunError without its stack: the config is wrong, not the program.
    if (error instanceof ConfigError) throw new pulumi.RunError(error.message);
    throw error;
  }
}
