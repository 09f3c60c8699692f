import * as pulumi from "@pulumi/pulumi";
import { namesOf, peerNamesOf, type Site } from "../site.js";

/**
 * ARNs that follow from names: of the peer's stack, of what AWS makes, or of a resource that is made later than the role
 * that may use it.
 *
 * Formats: Service Authorization Reference, "Resource types" of each service. Snapshots carry no account.
 */
export const arnsOf = (site: Site) => {
  const { region } = site.settings;
  const regional = (service: string, where: string, rest: pulumi.Input<string>) =>
    pulumi.interpolate`arn:${site.partition}:${service}:${where}:${site.account}:${rest}`;
  const bucketArn = (bucket: string) => pulumi.interpolate`arn:${site.partition}:s3:::${bucket}`;
  const snapshots = (where: string) => pulumi.interpolate`arn:${site.partition}:ec2:${where}::snapshot/*`;
  const names = namesOf(site);
  return {
    /** Of what a service has in a region, for the kinds. */
    regional,
    topic: regional("sns", region, names.topic),
    deadLetters: regional("sqs", region, names.deadLetters),
    events: regional("sqs", region, names.events),
    /** The rules that hear of these: of a bus other than the default one the ARN names the bus too. */
    eventRules: (heard: readonly string[]) =>
      heard
        .flatMap((what) => [names.eventRule(what), `${names.peerBus}/${names.peerRule(what)}`])
        .map((rule) => regional("events", region, `rule/${rule}`)),
    alarm: (what: string) => regional("cloudwatch", region, `alarm:${names.alarm(what)}`),
    /** Rules of the default bus and of the peer's. */
    rules: [`rule/${names.prefix}-*`, `rule/${names.peerBus}/*`].map((rule) => regional("events", region, rule)),
    stateMachine: regional("states", region, `stateMachine:${names.stateMachine}`),
    /** A state machine of a kind. */
    workflow: (kind: string, what: string) => regional("states", region, `stateMachine:${names.workflow(kind, what)}`),
    executions: (kind: string, what: string) => regional("states", region, `execution:${names.workflow(kind, what)}:*`),
    /** Those of the stacks at the other end. */
    peerWorkflows: (kind: string, what: string) =>
      site.settings.peers.map((peer) =>
        regional("states", peer, `stateMachine:${peerNamesOf(site).workflow(kind, what)}`),
      ),
    peerBus: (peer: string) => regional("events", peer, `event-bus/${peerNamesOf(site).peerBus}`),
    instances: regional("ec2", region, "instance/*"),
    volumes: regional("ec2", region, "volume/*"),
    snapshots: snapshots(region),
    snapshotsIn: snapshots,
    /** The buckets of the stacks at the other end. */
    peerBucket: (peer: string) =>
      site.account.apply((account) => peerNamesOf(site).bucket(account, peer)).apply(bucketArn),
    keysIn: (where: string) => regional("kms", where, "key/*"),
    key: (where: string, id: string) => regional("kms", where, `key/${id}`),
  };
};
