import * as pulumi from "@pulumi/pulumi";
import { LAMBDA_SECONDS } from "../machines/timeouts.js";
import { CallbackLambda } from "./callback-lambda.js";
import { tagExisting } from "./ec2-permissions.js";
import { environmentOf, type FunctionContext } from "./hand.js";

/**
 * Brings snapshots that are there already under a policy, when a person asks for it. The only role that may tag what it did not make:
 * nothing of ours calls it by itself.
 */
export class Adopter extends pulumi.ComponentResource {
  readonly lambda: CallbackLambda;

  constructor(name: string, args: FunctionContext, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:ebs:Adopter", name, {}, opts);
    this.lambda = new CallbackLambda(
      `${name}-adopt`,
      {
        site: args.site,
        fn: "adopt",
        description: "Brings existing snapshots under a policy, when a person asks for it",
        environment: environmentOf(args),
        timeoutSeconds: LAMBDA_SECONDS.adopt,
        statements: tagExisting(args.site),
      },
      { parent: this },
    );
    this.registerOutputs({ lambda: this.lambda });
  }
}
