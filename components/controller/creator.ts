import * as pulumi from "@pulumi/pulumi";
import { LAMBDA_SECONDS } from "../../machines/timeouts.js";
import { createSnapshots, describe, lockSnapshots, tagSnapshots } from "../iam/ec2-permissions.js";
import { missObjects, objects, readSettings, useTable } from "../iam/permissions.js";
import { CallbackLambda } from "../lambda/callback-lambda.js";
import { environmentOf, type FunctionContext } from "./hand.js";

/** The hand of a primary: makes points of the resources in its own region. */
export class Creator extends pulumi.ComponentResource {
  readonly fn = "create";
  readonly lambda: CallbackLambda;

  constructor(name: string, args: FunctionContext, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:ebs:Creator", name, {}, opts);
    const { site, ledger } = args;
    this.lambda = new CallbackLambda(
      `${name}-create`,
      {
        site,
        fn: this.fn,
        description: "Makes the points that were planned",
        environment: environmentOf(args),
        timeoutSeconds: LAMBDA_SECONDS[this.fn],
        statements: [
          describe("Snapshots"),
          ...createSnapshots(site),
          ...lockSnapshots(site),
          ...tagSnapshots(site),
          useTable(ledger, "GetItem", "PutItem", "UpdateItem", "DeleteItem"),
          readSettings(ledger),
          objects(ledger, "UseRuns", "runs", "GetObject", "PutObject"),
          objects(ledger, "WritePoints", "points", "PutObject"),
          missObjects("MissObjects", [ledger.bucketArn]),
        ],
      },
      { parent: this },
    );
    this.registerOutputs({ fn: this.fn, lambda: this.lambda });
  }
}
