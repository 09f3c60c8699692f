import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionName } from "../../core/names/names.js";
import { deadLetter } from "../iam/permissions.js";
import { ServiceRole, type Statement } from "../iam/service-role.js";
import { namesOf, type Site } from "../site.js";
import { bundle } from "./bundle.js";
import type { DeadLetters } from "./dead-letters.js";
import { writeTraces } from "./tracing.js";

export interface CallbackLambdaArgs {
  readonly site: Site;
  /** The folder under functions/ that holds handler.ts, and the last part of the function's name. */
  readonly fn: FunctionName;
  readonly description: string;
  /** What the function may do, beside writing its own log. */
  readonly statements: readonly Statement[];
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  readonly timeoutSeconds: number;
  /** @default 512 */
  readonly memoryMiB?: number;
  /** At most this many at once; no reservation without it. */
  readonly reservedConcurrency?: number;
  /** Where events go that it failed on when it was invoked asynchronously. */
  readonly deadLetters?: DeadLetters;
}

/** A Lambda function: a callback function around a bundle of its handler, with a role and a log group of its own. */
export class CallbackLambda extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: CallbackLambdaArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:lambda:CallbackLambda", name, {}, opts);
    const { site, fn, deadLetters } = args;
    const functionName = namesOf(site).lambda(fn);
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      { name: `/aws/lambda/${functionName}`, retentionInDays: site.logDays },
      { parent: this },
    );
    const write: Statement = {
      sid: "WriteOwnLog",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [pulumi.interpolate`${logs.arn}:*`],
    };
    const statements = [
      ...args.statements,
      write,
      ...writeTraces(site),
      ...(deadLetters ? deadLetter(deadLetters) : []),
    ];
    const roleArgs = { site, duty: fn, service: "lambda.amazonaws.com", statements };
    const role = new ServiceRole(name, roleArgs, { parent: this });
    const lambda = new aws.lambda.Function(
      `${name}-function`,
      {
        name: functionName,
        description: args.description,
        role: role.arn,
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        timeout: args.timeoutSeconds,
        memorySize: args.memoryMiB ?? 512,
        environment: { variables: { ...args.environment } },
        tracingConfig: { mode: site.tracing ? "Active" : "PassThrough" },
        ...(args.reservedConcurrency !== undefined && { reservedConcurrentExecutions: args.reservedConcurrency }),
        ...(deadLetters && { deadLetterConfig: { targetArn: deadLetters.queueArn } }),
        ...packageOf(bundle(fn)),
      },
      { parent: this, dependsOn: [role.policy, logs] },
    );
    this.arn = lambda.arn;
    this.functionName = lambda.name;
    this.registerOutputs({ arn: this.arn, functionName: this.functionName });
  }
}

interface HandlerModule {
  readonly handler: (event: unknown) => Promise<unknown>;
}

/**
 * The archive: `__index.js`, which loads the bundle, and the bundle. The factory is turned into source text, so that it
 * may capture nothing but the path: a captured module or client does not survive that.
 *
 * As aws.lambda.CallbackFunction does it, but for the packages: for each function that reads all of node_modules to find
 * those that the archive needs, which takes longer than all else in a deployment's program, and ours needs none.
 */
function packageOf(bundlePath: string) {
  const file = `./${bundlePath}`;
  // The module is the bundle of a handler.ts: a test loads each and finds the handler there.
  const factory = () => (require(file) as HandlerModule).handler;
  const options = { exportName: "handler", isFactoryFunction: true };
  const index = pulumi.runtime.serializeFunction(factory, options).then(({ text }) => text);
  const assets = {
    "__index.js": new pulumi.asset.StringAsset(index),
    [bundlePath]: new pulumi.asset.FileAsset(bundlePath),
  };
  return { code: new pulumi.asset.AssetArchive(assets), handler: "__index.handler" };
}
