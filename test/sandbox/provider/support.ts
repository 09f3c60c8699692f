import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import type { PulumiFn } from "@pulumi/pulumi/automation/workspace.js";
import * as settings from "@pulumi/pulumi/runtime/settings.js";
import { withSandbox } from "../../support/sandbox.js";

/**
 * gRPC shares the connections of a process by address, the dead ones of earlier engines too: an engine that gets the port of
 * one of those could not be reached ("14 UNAVAILABLE: No connection established. Last error: null"). Programs in processes of
 * their own, as deployments are, have no earlier engines.
 */
function shareNoConnections(): void {
  // Internal to Pulumi, and the only way to the options of its clients.
  const { grpcClientOptions } = settings as { grpcClientOptions?: Record<string, unknown> };
  if (grpcClientOptions === undefined) throw new Error("Pulumi keeps the options of its gRPC clients elsewhere now");
  grpcClientOptions["grpc.use_local_subchannel_pool"] = 1;
}

/** The real engine against a sandbox; the programs run in this process. Usable inside hooks and tests. */
export function withEngine() {
  const sandbox = withSandbox();
  let folder = "";
  before(async () => {
    shareNoConnections();
    folder = await mkdtemp(join(tmpdir(), "lockstep-provider-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  return {
    sandbox,
    async stack(name: string, program: PulumiFn): Promise<Stack> {
      const args = { stackName: name, projectName: "provider-test", program };
      const workDir = await mkdtemp(join(folder, "work-"));
      return LocalWorkspace.createOrSelectStack(args, { workDir, envVars: sandbox.env });
    },
  };
}

/** What the engine did, in order, as `operation name`. */
export function recordSteps() {
  const steps: string[] = [];
  const details = new Map<string, readonly string[]>();
  return {
    steps,
    /** Paths of the changes of a resource, each with its kind: `tags.a add`. */
    details,
    onEvent({ resourcePreEvent: event }: EngineEvent): void {
      if (!event || event.metadata.op === "same") return;
      const { op, urn, detailedDiff } = event.metadata;
      const name = urn.split("::").at(-1) ?? urn;
      steps.push(`${op} ${name}`);
      if (detailedDiff)
        details.set(
          name,
          Object.entries(detailedDiff).map(([path, { diffKind }]) => `${path} ${diffKind}`),
        );
    },
  };
}
