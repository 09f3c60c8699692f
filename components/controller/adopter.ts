import * as pulumi from "@pulumi/pulumi";
import { stacksFor } from "../../kinds/stacks.js";
import { LAMBDA_SECONDS } from "../../machines/timeouts.js";
import { ofKinds } from "../iam/kind-permissions.js";
import { objects, readSettings } from "../iam/permissions.js";
import type { Statement } from "../iam/service-role.js";
import { CallbackLambda } from "../lambda/callback-lambda.js";
import { environmentOf, type FunctionContext } from "./function-context.js";

/** A person says what is to be a point; a run looks for it itself, and writes what its members were. */
const lookAround = ({ site, ledger }: FunctionContext): Statement[] => [
  readSettings(ledger),
  ...(site.settings.mode === "plan" ? [] : [objects(ledger, "UsePoints", "points", "PutObject")]),
];

/**
 * Brings what others made under a policy: when a person asks for it, and before each run where a policy takes them in by itself.
 * The only role that may tag what it did not make.
 */
export class Adopter extends pulumi.ComponentResource {
  readonly lambda: CallbackLambda;
  /** The same, where runs are to call it. */
  readonly forRuns: CallbackLambda | undefined;

  constructor(name: string, args: FunctionContext, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:controller:Adopter", name, {}, opts);
    const inRuns = Object.values(stacksFor(args.site.settings)).some((kind) => kind.takesIn(args.site));
    this.lambda = new CallbackLambda(
      `${name}-adopt`,
      {
        site: args.site,
        fn: "adopt",
        description: "Brings what others made under a policy",
        environment: environmentOf(args),
        timeoutSeconds: LAMBDA_SECONDS.adopt,
        statements: [...ofKinds("adopt", args.site), ...(inRuns ? lookAround(args) : [])],
      },
      { parent: this },
    );
    this.forRuns = inRuns ? this.lambda : undefined;
    this.registerOutputs({ lambda: this.lambda });
  }
}
