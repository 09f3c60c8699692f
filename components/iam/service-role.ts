import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { namesOf, type Site } from "../site.js";

/** One statement of an inline policy; it always allows. */
export interface Statement {
  /** What it is for; letters and digits. */
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly pulumi.Input<string>[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string> | string[]>>>>;
}

export interface ServiceRoleArgs {
  readonly site: Site;
  /** What the role is for; the last part of its name. */
  readonly duty: string;
  /** The service that may take it on, e.g. `lambda.amazonaws.com`. */
  readonly service: string;
  readonly statements: readonly Statement[];
}

/** A role for one duty: one service may take it on, and it may do what its statements say and nothing else. */
export class ServiceRole extends pulumi.ComponentResource {
  /** Known once the role may do what it is for: whatever is given the role waits for its policy. */
  readonly arn: pulumi.Output<string>;
  /** The inline policy. What uses the role waits for it, because the role can do nothing before. */
  readonly policy: aws.iam.RolePolicy;

  constructor(name: string, args: ServiceRoleArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:iam:ServiceRole", name, {}, opts);
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: namesOf(args.site).iamRole(args.site.settings.region, args.duty),
        description: `Lockstep ${args.site.settings.deployment}: ${args.duty}`,
        assumeRolePolicy: trust(args.service),
      },
      { parent: this },
    );
    this.policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      { name: args.duty, role: role.name, policy: document(args.statements) },
      { parent: this },
    );
    this.arn = pulumi.all([role.arn, this.policy.id]).apply(([arn]) => arn);
    this.registerOutputs({ arn: this.arn, policy: this.policy });
  }
}

const trust = (service: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
  });

const document = (statements: readonly Statement[]): pulumi.Output<string> =>
  pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: statements.map(({ sid, actions, resources, conditions }) => ({
      Sid: sid,
      Effect: "Allow",
      Action: actions,
      Resource: resources,
      ...(conditions && { Condition: conditions }),
    })),
  });
