import * as aws from "@pulumi/aws";
import type { Site } from "../components/site.js";
import { Dr } from "./dr.js";
import { Primary } from "./primary.js";
import { readProgram } from "./program.js";
import type { RegionOutputs } from "./region.js";
import type { RegionProgram } from "./region-config.js";
import { Workload, type WorkloadOutputs } from "./workload.js";

/**
 * Deploys the stack that the config describes and says what it is. A wrong config is one error that lists every problem,
 * thrown before anything is registered.
 */
export function deploy(config: Readonly<Record<string, string>>): RegionOutputs | WorkloadOutputs {
  const program = readProgram(config);
  const { region, tags } = program;
  // The only provider of the stack; everything inherits it from the stack's component.
  const provider = new aws.Provider("aws", { region, defaultTags: { tags: { ...tags } } });
  return program.role === "workload"
    ? new Workload("workload", { ...program.workload, deployment: program.deployment, region }, { provider }).result
    : deployRegion(program, provider);
}

function deployRegion(program: RegionProgram, provider: aws.Provider): RegionOutputs {
  const { settings, stored, protect, logDays, tracing, batchSeconds, emails, notify } = program;
  const caller = aws.getCallerIdentityOutput({}, { provider });
  const site: Site = {
    settings,
    stored,
    protect,
    logDays,
    tracing,
    notify,
    account: caller.accountId,
    // arn:<partition>:sts::…
    partition: caller.arn.apply((arn) => arn.split(":")[1] ?? "aws"),
  };
  const stack = settings.role === "primary" ? Primary : Dr;
  return new stack(settings.role, { site, emails, batchSeconds }, { provider }).result;
}
