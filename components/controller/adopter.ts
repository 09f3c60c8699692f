import * as pulumi from "@pulumi/pulumi";
import { takesIn } from "../../kinds/ebs/take-in.js";
import { LAMBDA_SECONDS } from "../../machines/timeouts.js";
import { describe, tagExisting } from "../iam/ec2-permissions.js";
import { objects, readSettings } from "../iam/permissions.js";
import type { Statement } from "../iam/service-role.js";
import { CallbackLambda } from "../lambda/callback-lambda.js";
import { environmentOf, type FunctionContext } from "./function-context.js";

/** A person says which snapshots; a run looks for them itself. */
const lookAround = ({ site, ledger }: FunctionContext): Statement[] => [
  describe("Instances", "Volumes", "Snapshots"),
  readSettings(ledger),
  ...(site.settings.mode === "plan" ? [] : [objects(ledger, "UsePoints", "points", "PutObject")]),
];

/**
 * Brings snapshots of others under a policy: when a person asks for it, and before each run where a policy takes them in by itself.
 * The only role that may tag what it did not make.
 */
export class Adopter extends pulumi.ComponentResource {
  readonly lambda: CallbackLambda;
  /** The same, where runs are to call it. */
  readonly forRuns: CallbackLambda | undefined;

  constructor(name: string, args: FunctionContext, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:ebs:Adopter", name, {}, opts);
    this.lambda = new CallbackLambda(
      `${name}-adopt`,
      {
        site: args.site,
        fn: "adopt",
        description: "Brings snapshots of others under a policy",
        environment: environmentOf(args),
        timeoutSeconds: LAMBDA_SECONDS.adopt,
        statements: [...tagExisting(args.site), ...(takesIn(args.site.settings) ? lookAround(args) : [])],
      },
      { parent: this },
    );
    this.forRuns = takesIn(args.site.settings) ? this.lambda : undefined;
    this.registerOutputs({ lambda: this.lambda });
  }
}
