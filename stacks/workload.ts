import { Vpc } from "@pulumi/awsx/ec2/index.js";
import * as pulumi from "@pulumi/pulumi";
import { FileSystems } from "../components/workload/file-systems.js";
import { type Entrance, Tier } from "../components/workload/tier.js";
import { TIERS, type TierName, type WorkloadSettings } from "./workload-config.js";

export interface WorkloadArgs extends WorkloadSettings {
  readonly deployment: string;
  readonly region: string;
}

/** What a workload stack says of one of its tiers. */
export interface TierOutputs {
  readonly instanceIds: readonly pulumi.Output<string>[];
  readonly securityGroupId: pulumi.Output<string>;
  readonly launchTemplateId: pulumi.Output<string>;
}

/** What a workload stack says of itself. */
export interface WorkloadOutputs {
  readonly role: "workload";
  readonly region: string;
  readonly deployment: string;
  readonly vpcId: pulumi.Output<string>;
  readonly publicSubnetIds: pulumi.Output<string[]>;
  readonly privateSubnetIds: pulumi.Output<string[]>;
  /** Of all tiers. */
  readonly instanceIds: readonly pulumi.Output<string>[];
  readonly tiers: Readonly<Record<TierName, TierOutputs>>;
  readonly fileSystemIds: readonly pulumi.Output<string>[];
}

/** HTTPS to web, an application server's port to app, PostgreSQL's to data. */
const PORTS: Readonly<Record<TierName, number>> = { web: 443, app: 8080, data: 5432 };

/**
 * A test environment worth protecting: a network, and in it three tiers of instances, each of which only the one before reaches.
 * Beside them file systems, where they are asked for, that the app tier may mount.
 */
export class Workload extends pulumi.ComponentResource {
  readonly result: WorkloadOutputs;

  constructor(name: string, args: WorkloadArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:stacks:Workload", name, {}, opts);
    const { deployment, region } = args;
    const label = `${deployment}-${name}`;
    const vpc = this.#network(label, args);
    const make = (tier: TierName, from: Entrance["from"]) => this.#tier(tier, `${label}-${tier}`, from, vpc, args);
    const web = make("web", args.network.allowFrom);
    const app = make("app", web.securityGroupId);
    const data = make("data", app.securityGroupId);
    const tiers = { web, app, data };
    const files =
      args.fileSystems.count > 0 ? this.#files(`${label}-files`, app.securityGroupId, vpc, args) : undefined;
    this.result = {
      role: "workload",
      region,
      deployment,
      vpcId: vpc.vpcId,
      publicSubnetIds: vpc.publicSubnetIds,
      privateSubnetIds: vpc.privateSubnetIds,
      instanceIds: TIERS.flatMap((tier) => tiers[tier].instanceIds),
      tiers: { web: outputsOf(web), app: outputsOf(app), data: outputsOf(data) },
      fileSystemIds: files?.fileSystemIds ?? [],
    };
    this.registerOutputs({ ...this.result });
  }

  /** A public and a private subnet per zone. The component's name is the start of every name in it, on AWS too. */
  #network(label: string, { network }: WorkloadArgs): Vpc {
    return new Vpc(
      label,
      {
        cidrBlock: network.cidr,
        numberOfAvailabilityZones: network.zones,
        natGateways: { strategy: network.natGateways },
        subnetStrategy: "Auto",
        enableDnsHostnames: true,
      },
      { parent: this },
    );
  }

  #files(label: string, clients: pulumi.Output<string>, vpc: Vpc, { fileSystems }: WorkloadArgs): FileSystems {
    const place = { vpcId: vpc.vpcId, subnetIds: vpc.privateSubnetIds };
    return new FileSystems(label, { ...fileSystems, ...place, label, clients }, { parent: this });
  }

  #tier(tier: TierName, label: string, from: Entrance["from"], vpc: Vpc, args: WorkloadArgs): Tier {
    const { subnets, tags, ...machines } = args.tiers[tier];
    return new Tier(
      label,
      {
        ...machines,
        label,
        ami: args.ami,
        tags: { ...tags, Tier: tier },
        vpcId: vpc.vpcId,
        subnetIds: subnets === "public" ? vpc.publicSubnetIds : vpc.privateSubnetIds,
        entrance: { port: PORTS[tier], from },
      },
      { parent: this },
    );
  }
}

const outputsOf = ({ instanceIds, securityGroupId, launchTemplateId }: Tier): TierOutputs => ({
  instanceIds,
  securityGroupId,
  launchTemplateId,
});
