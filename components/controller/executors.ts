import * as pulumi from "@pulumi/pulumi";
import { LAMBDA_SECONDS } from "../../machines/timeouts.js";
import { arnsOf } from "../iam/arns.js";
import { ofKinds } from "../iam/kind-permissions.js";
import { missObjects, objects, readPeerPoints, readSettings, useTable } from "../iam/permissions.js";
import type { Statement } from "../iam/service-role.js";
import { CallbackLambda } from "../lambda/callback-lambda.js";
import { environmentOf, type FunctionContext } from "./function-context.js";

/** What carries out a plan, each with a role of its own: one makes, and one deletes and can tag nothing. */
export class Executors extends pulumi.ComponentResource {
  readonly make: CallbackLambda;
  readonly delete: CallbackLambda;

  constructor(name: string, args: FunctionContext, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:controller:Executors", name, {}, opts);
    const lambda = (fn: "make" | "delete", description: string, statements: readonly Statement[]) =>
      new CallbackLambda(
        `${name}-${fn}`,
        {
          ...{ site: args.site, fn, description, statements },
          environment: environmentOf(args),
          timeoutSeconds: LAMBDA_SECONDS[fn],
        },
        { parent: this },
      );
    this.make = lambda("make", "Makes, copies and finalizes the points that were planned", makeStatements(args));
    this.delete = lambda("delete", "Deletes the points that were planned to go", deleteStatements(args));
    this.registerOutputs({ make: this.make, delete: this.delete });
  }
}

function makeStatements({ site, ledger }: FunctionContext): Statement[] {
  const common = [
    ...ofKinds("make", site),
    useTable(ledger, "GetItem", "PutItem", "UpdateItem", "DeleteItem"),
    readSettings(ledger),
    objects(ledger, "UseRuns", "runs", "GetObject", "PutObject"),
  ];
  if (site.settings.role === "primary") {
    return [
      ...common,
      objects(ledger, "WritePoints", "points", "PutObject"),
      missObjects("MissObjects", [ledger.bucketArn]),
    ];
  }
  // A DR region pulls copies from its peers, and so works alone when they are gone.
  return [
    ...common,
    objects(ledger, "UsePoints", "points", "GetObject", "PutObject"),
    readPeerPoints(site),
    missObjects("MissObjects", [ledger.bucketArn, ...site.settings.peers.map(arnsOf(site).peerBucket)]),
  ];
}

const deleteStatements = ({ site, ledger }: FunctionContext): Statement[] => [
  readSettings(ledger),
  ...ofKinds("delete", site),
  useTable(ledger, "UpdateItem"),
  objects(ledger, "UseRuns", "runs", "GetObject", "PutObject"),
  missObjects("MissObjects", [ledger.bucketArn]),
];
