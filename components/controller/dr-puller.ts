import * as pulumi from "@pulumi/pulumi";
import { LAMBDA_SECONDS } from "../../machines/timeouts.js";
import { arnsOf } from "../iam/arns.js";
import { copySnapshot, describe, lockSnapshots } from "../iam/ec2-permissions.js";
import { missObjects, objects, readPeerPoints, readSettings, useTable } from "../iam/permissions.js";
import { CallbackLambda } from "../lambda/callback-lambda.js";
import { environmentOf, type FunctionContext } from "./hand.js";

/** The hand of a DR region: pulls copies from its peers, and so works alone when they are gone. */
export class DrPuller extends pulumi.ComponentResource {
  readonly fn = "copy";
  readonly lambda: CallbackLambda;

  constructor(name: string, args: FunctionContext, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:ebs:DrPuller", name, {}, opts);
    const { site, ledger } = args;
    this.lambda = new CallbackLambda(
      `${name}-copy`,
      {
        site,
        fn: this.fn,
        description: "Pulls the copies that were planned",
        environment: environmentOf(args),
        timeoutSeconds: LAMBDA_SECONDS[this.fn],
        statements: [
          describe("Snapshots"),
          ...copySnapshot(site),
          ...lockSnapshots(site),
          useTable(ledger, "GetItem", "PutItem", "UpdateItem", "DeleteItem"),
          readSettings(ledger),
          objects(ledger, "UseRuns", "runs", "GetObject", "PutObject"),
          objects(ledger, "UsePoints", "points", "GetObject", "PutObject"),
          readPeerPoints(site),
          missObjects("MissObjects", [ledger.bucketArn, ...site.settings.peers.map(arnsOf(site).peerBucket)]),
        ],
      },
      { parent: this },
    );
    this.registerOutputs({ fn: this.fn, lambda: this.lambda });
  }
}
