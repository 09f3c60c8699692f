import * as pulumi from "@pulumi/pulumi";
import { namesOf, type Site } from "../site.js";
import { type TriggerInvoker, TriggerSchedule } from "./trigger-schedule.js";

export interface PolicySchedulesArgs {
  readonly site: Site;
  readonly invoker: TriggerInvoker;
}

/** One schedule for each policy that has one. Only a primary has them: a DR region follows what it sees. */
export class PolicySchedules extends pulumi.ComponentResource {
  constructor(name: string, args: PolicySchedulesArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:scheduler:PolicySchedules", name, {}, opts);
    const { site, invoker } = args;
    for (const policy of site.settings.policies) {
      if (policy.schedule === undefined) continue;
      new TriggerSchedule(
        `${name}-${policy.name}`,
        {
          scheduleName: namesOf(site).policySchedule(policy.name),
          description: `Policy ${policy.name}`,
          expression: policy.schedule,
          timezone: policy.timezone,
          input: { kind: "schedule", policy: policy.name },
          invoker,
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
