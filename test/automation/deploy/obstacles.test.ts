import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CreateSnapshotCommand,
  CreateVolumeCommand,
  EC2Client,
  LockSnapshotCommand,
  RegisterImageCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { obstaclesTo } from "../../../automation/deploy/obstacles.js";
import type { StateResource } from "../../../automation/deploy/pending.js";
import type { Recoverable } from "../../../automation/deploy/recovery.js";
import { clientConfig } from "../../../automation/estate/client-config.js";
import { purge, unpurgeable } from "../../../automation/estate/purge.js";
import { TAG } from "../../../core/names/tags.js";
import type { ClientConfig } from "../../../kinds/purger.js";
import { eventually, HOME, withSandbox } from "../../support/sandbox.js";

const TABLE = "aws:dynamodb/table:Table";
const INSTANCE = "aws:ec2/instance:Instance";

const resource = (type: string, name: string, more: Partial<StateResource> = {}): StateResource => ({
  urn: `urn:pulumi:primary::lockstep::${type}::${name}`,
  type,
  custom: true,
  inputs: {},
  ...more,
});

const never = () => Promise.reject(new Error("a look changes nothing"));

const stack = (resources: readonly StateResource[], creating: readonly StateResource[] = []): Recoverable => {
  const pending = creating.map((one) => ({ type: "creating", resource: one }));
  const state = { version: 3, deployment: { resources: [...resources], pending_operations: pending } };
  const found = { alike: ["i-1", "i-2"] };
  return {
    name: "primary",
    region: HOME,
    read: async () => state,
    write: never,
    refresh: never,
    find: async () => found,
  };
};

describe("what would stop a removal half-way", function () {
  this.timeout(300_000);
  const s = withSandbox();
  const config = (): ClientConfig => clientConfig(HOME, s.env);
  const look = (of: Recoverable, env = "blue") => obstaclesTo(of, { env, decisions: new Map(), config: config() });

  it("is nothing where nothing is protected, also where what the state names is gone", async () => {
    const gone = [
      resource(TABLE, "t", { id: "no-such-table" }),
      resource(INSTANCE, "i", { id: "i-00000000000000000" }),
    ];
    expect(await look(stack(gone))).to.deep.equal([]);
  });

  it("is what the state says is protected, though the driver did not do that", async () => {
    const many = Array.from({ length: 7 }, (_, i) => resource("aws:s3/bucket:Bucket", `b-${i}`, { protect: true }));
    const [text, ...more] = await look(stack([resource(TABLE, "free"), ...many]));
    expect(more).to.deep.equal([]);
    expect(text)
      .to.contain("7 resource(s) are protected: aws:s3/bucket:Bucket b-0")
      .and.contain("2 more")
      .and.contain("lockstep up --env blue");
  });

  it("is what AWS itself was told to keep", async () => {
    const table = {
      TableName: "kept",
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" as const }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" as const }],
      BillingMode: "PAY_PER_REQUEST" as const,
      DeletionProtectionEnabled: true,
    };
    await s.client(DynamoDBClient, HOME).send(new CreateTableCommand(table));
    const run = new RunInstancesCommand({
      ImageId: "ami-0123456789abcdef0",
      MinCount: 1,
      MaxCount: 1,
      DisableApiTermination: true,
    });
    const id = (await s.client(EC2Client, HOME).send(run)).Instances?.[0]?.InstanceId ?? "";
    const found = await look(stack([resource(TABLE, "t", { id: "kept" }), resource(INSTANCE, "i", { id })]));
    expect(found).to.have.length(2);
    expect(found[0]).to.contain("table kept has deletion protection");
    expect(found[1]).to.contain(`instance ${id} has termination protection`);
  });

  it("is what an interrupted run left and nobody can tell", async () => {
    const error: unknown = await look(stack([], [resource(INSTANCE, "i")])).catch((reason: unknown) => reason);
    expect(String(error)).to.contain("perhaps i-1 or i-2").and.contain("--forget");
  });

  it("is locked snapshots and those of AMIs, where recovery points are to go too", async () => {
    const client = s.client(EC2Client, HOME);
    const Tags = [{ Key: TAG.deployment, Value: "acme" }];
    const { VolumeId } = await client.send(new CreateVolumeCommand({ AvailabilityZone: `${HOME}a`, Size: 1 }));
    const make = async (): Promise<string> => {
      const TagSpecifications = [{ ResourceType: "snapshot" as const, Tags }];
      return (await client.send(new CreateSnapshotCommand({ VolumeId, TagSpecifications }))).SnapshotId ?? "";
    };
    const [free, locked, used] = [await make(), await make(), await make()];
    const lock = { SnapshotId: locked, LockMode: "governance" as const, LockDuration: 1 };
    await client.send(new LockSnapshotCommand(lock));
    const image = {
      Name: "image",
      RootDeviceName: "/dev/xvda",
      BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId: used } }],
    };
    const { ImageId } = await eventually(
      () =>
        client
          .send(new RegisterImageCommand(image))
          .catch((error: Error) => ({ ImageId: undefined, error: String(error) })),
      (answer) => answer.ImageId !== undefined,
      { within: 240_000, what: "the image of a complete snapshot" },
    );
    expect(await unpurgeable("acme", config())).to.have.members([
      `${locked} is locked`,
      `${used} is in use by ${ImageId}`,
    ]);
    expect(await unpurgeable("other", config())).to.deep.equal([]);
    // And so it is.
    const { deleted, kept } = await purge("acme", config());
    expect(deleted).to.equal(1);
    expect(kept.join()).to.contain(locked).and.contain(used).and.not.contain(free);
  });
});
