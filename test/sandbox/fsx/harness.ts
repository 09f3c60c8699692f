import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import {
  type Backup,
  CreateBackupCommand,
  type CreateBackupCommandInput,
  CreateFileSystemCommand,
  type CreateFileSystemCommandInput,
  DescribeBackupsCommand,
  FSxClient,
  FSxServiceException,
} from "@aws-sdk/client-fsx";
import { createFsxPlane, type FsxPlane, type FsxSettings } from "../../../sandbox/fsx/plane.js";
import { serviceModel } from "../../../sandbox/wire/model.js";

const ACCOUNT = "000000000000";
export const START = Date.UTC(2026, 0, 31, 12, 0, 0);
export const EAST = "us-east-1";
export const WEST = "us-west-2";

const SUBNET = "subnet-0123456789abcdef0";
const OTHER_SUBNET = "subnet-0123456789abcdef1";

/** A file system of each type, as small as it gets. */
export const OF_TYPE = {
  WINDOWS: {
    FileSystemType: "WINDOWS",
    StorageCapacity: 32,
    SubnetIds: [SUBNET],
    WindowsConfiguration: { ActiveDirectoryId: "d-0123456789", ThroughputCapacity: 32 },
  },
  MULTI_AZ: {
    FileSystemType: "WINDOWS",
    StorageCapacity: 32,
    SubnetIds: [SUBNET, OTHER_SUBNET],
    WindowsConfiguration: {
      ActiveDirectoryId: "d-0123456789",
      ThroughputCapacity: 32,
      DeploymentType: "MULTI_AZ_1",
      PreferredSubnetId: SUBNET,
    },
  },
  LUSTRE: {
    FileSystemType: "LUSTRE",
    StorageCapacity: 1200,
    SubnetIds: [SUBNET],
    LustreConfiguration: { DeploymentType: "PERSISTENT_2", PerUnitStorageThroughput: 125 },
  },
  OPENZFS: {
    FileSystemType: "OPENZFS",
    StorageCapacity: 64,
    SubnetIds: [SUBNET],
    OpenZFSConfiguration: { DeploymentType: "SINGLE_AZ_1", ThroughputCapacity: 64 },
  },
  ONTAP: {
    FileSystemType: "ONTAP",
    StorageCapacity: 1024,
    SubnetIds: [SUBNET],
    OntapConfiguration: { DeploymentType: "SINGLE_AZ_1", ThroughputCapacity: 128 },
  },
} as const satisfies Record<string, CreateFileSystemCommandInput>;

type Ending = { readonly failure: string } | { readonly stuck: true } | undefined;

/** The plane behind a small HTTP server, with a clock that only the test moves and clients as programs use them. */
export interface FsxHarness {
  readonly plane: FsxPlane;
  readonly dir: string;
  readonly endpoint: string;
  /** Keys of KMS that are disabled. */
  readonly disabledKeys: Set<string>;
  /** How the next backups and copies end. */
  readonly endings: Ending[];
  client(region?: string, accessKeyId?: string): FSxClient;
  /** A request as the wire has it; the SDK would not send it. */
  raw(action: string, body: unknown): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
  now(): number;
  advance(ms: number): void;
  /** An available file system. */
  fileSystem(
    type?: keyof typeof OF_TYPE,
    more?: Partial<CreateFileSystemCommandInput>,
    region?: string,
  ): Promise<string>;
  backup(input: CreateBackupCommandInput, client?: FSxClient): Promise<Backup>;
  /** The id of a new backup that is available. */
  available(FileSystemId: string): Promise<string>;
  /** A backup as DescribeBackups tells it. */
  look(id: string | undefined, client?: FSxClient): Promise<Backup | undefined>;
  /** Ends the plane and starts another one on its state. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The model lies with the emulator, whose place `npm test` tells. */
const python = process.env["LOCKSTEP_PYTHON"] ?? "";

export async function startFsx(settings: Partial<FsxSettings> = {}): Promise<FsxHarness> {
  const dir = mkdtempSync(join(tmpdir(), "fsx-plane-"));
  const model = serviceModel(python, "fsx");
  const disabledKeys = new Set<string>();
  const clients: FSxClient[] = [];
  let time = START;
  const endings: Ending[] = [];
  const neighbours = {
    key: async (region: string, key: string) =>
      key.startsWith(`arn:aws:kms:${region}:`) && !disabledKeys.has(key) ? key : undefined,
    vpcOf: (_region: string, subnet: string) => (subnet.startsWith("subnet-01") ? "vpc-0123456789abcdef0" : undefined),
    endingOf: () => endings.shift(),
    isRegion: (name: string) => /^[a-z]{2}-[a-z]+-\d$/.test(name),
  };
  const open = () =>
    createFsxPlane(
      { account: ACCOUNT, stateDir: dir, now: () => time, emit: () => undefined },
      { model, neighbours, settings },
    );
  let plane = open();
  const server = createServer((request, response) => void serve(plane, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on TCP has an address with a port.
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const harness: FsxHarness = {
    get plane() {
      return plane;
    },
    dir,
    endpoint,
    disabledKeys,
    endings,
    client: (region = EAST, accessKeyId = "test") => {
      const client = new FSxClient({
        region,
        endpoint,
        credentials: { accessKeyId, secretAccessKey: "test" },
        maxAttempts: 1,
      });
      clients.push(client);
      return client;
    },
    raw: async (action, body) => {
      const headers = { "x-amz-target": `AWSSimbaAPIService_v20180301.${action}`, "x-region": EAST };
      const answer = await fetch(endpoint, { method: "POST", headers, body: JSON.stringify(body) });
      // Answers are JSON objects.
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
    now: () => time,
    advance: (ms) => {
      time += ms;
    },
    fileSystem: async (type = "OPENZFS", more = {}, region = EAST) => {
      const made = await harness.client(region).send(new CreateFileSystemCommand({ ...OF_TYPE[type], ...more }));
      time += plane.settings.createMillis;
      return made.FileSystem?.FileSystemId ?? "";
    },
    backup: async (input, client = harness.client()) => {
      const { Backup: backup } = await client.send(new CreateBackupCommand(input));
      if (!backup) throw new Error("CreateBackup answered without a backup");
      return backup;
    },
    available: async (FileSystemId) => {
      const { BackupId = "" } = await harness.backup({ FileSystemId });
      time += plane.settings.backupMillis;
      return BackupId;
    },
    look: async (id, client = harness.client()) => {
      const { Backups } = await client.send(new DescribeBackupsCommand({ BackupIds: [id ?? ""] }));
      return Backups?.[0];
    },
    restart: async () => {
      await plane.close();
      plane = open();
    },
    stop: async () => {
      for (const client of clients) client.destroy();
      await new Promise((resolve) => server.close(resolve));
      await plane.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return harness;
}

async function serve(plane: FsxPlane, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, caller, region] =
    /Credential=([^/]+)\/\d+\/([a-z0-9-]+)\/fsx\//.exec(request.headers.authorization ?? "") ?? [];
  const answer = await plane.handle({
    service: "fsx",
    region: region ?? String(request.headers["x-region"]),
    account: ACCOUNT,
    caller: caller ?? "test",
    method: request.method ?? "POST",
    path: "/",
    query: new URLSearchParams(),
    headers: request.headers,
    body: await buffer(request),
  });
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

/** The code of the service's error that a call fails with, and what the error says beside its text. */
export async function failure(call: Promise<unknown>): Promise<FSxServiceException> {
  try {
    await call;
  } catch (error) {
    if (error instanceof FSxServiceException) return error;
    throw error;
  }
  throw new Error("the call did not fail");
}
