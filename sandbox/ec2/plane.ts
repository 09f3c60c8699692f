import { randomUUID } from "node:crypto";
import type { Ec2Facts } from "../iam/services/ec2.js";
import type { Plane, PlaneContext, PlaneRequest, PlaneResponse } from "../plane.js";
import { ACTIONS } from "./actions.js";
import { Bytes } from "./bytes/bytes.js";
import { DiskError, VolumeBytes } from "./bytes/of-volumes.js";
import type { Range } from "./bytes/ranges.js";
import type { Call } from "./call.js";
import { isRegion } from "./regions.js";
import { ec2Facts } from "./rights.js";
import { defaultSettings, type Ec2Settings } from "./settings.js";
import { Journal } from "./state/journal.js";
import { Lifecycle } from "./state/lifecycle.js";
import { type PastSnapshot, plantSnapshots } from "./state/past.js";
import { Store } from "./state/store.js";
import { dryRunOperation, Ec2Error, invalidValue } from "./wire/errors.js";
import { parseRequest } from "./wire/protocol.js";
import { errorXml, responseXml } from "./wire/xml.js";

export type { Ec2Settings } from "./settings.js";

/**
 * EC2 and EBS, with the bytes of every disk. Where it knowingly differs from AWS:
 * - Instances start, stop and terminate at once, after an answer that says `pending`, `stopping`, `shutting-down`; so do
 *   volumes and their modification. Only snapshots, copies and the check of KMS keys take time.
 * - Any well-formed AMI id exists (images.ts). There are no key pairs. Instance profiles are not looked up.
 * - Networks are records: nothing is routed or filtered. NAT gateways are there at once. No IPv6, no network ACLs, interfaces of
 *   one's own, endpoints or peering, no quotas of networks; default VPCs, their subnets and main route tables stay.
 * - The account has opted in to every region; each has three zones. Nothing is shared with other accounts or public.
 * - Events are sent for snapshots, copies, sets and volumes that could not be made; not for instances and other volumes.
 * - No Outposts, Local Zones, archive tier, recycle bin or encryption by default.
 */
export interface Ec2Plane extends Plane {
  /** May be changed at any time. */
  readonly settings: Ec2Settings;
  /** Rejects with DiskError for what is not there. Bytes never written are zeros. At most 64 MiB at a time. */
  readVolume(region: string, volumeId: string, offset: number, length: number): Promise<Buffer>;
  writeVolume(region: string, volumeId: string, offset: number, data: Buffer): Promise<void>;
  /** Also of a pending snapshot: its content is that of the volume at the call. */
  readSnapshot(region: string, snapshotId: string, offset: number, length: number): Promise<Buffer>;
  /** Where a snapshot has bytes other than zero, in blocks of 64 KiB; all its other bytes are zeros. */
  snapshotRanges(region: string, snapshotId: string): Promise<Range[]>;
  /** Completed snapshots of volumes that are there, as if they had been taken long ago (past.ts). Answers with their ids. */
  plantSnapshots(region: string, past: readonly PastSnapshot[]): string[];
  /** A fault: a pending snapshot or copy ends in `error` now, with its event; a set fails whole. */
  failSnapshot(region: string, snapshotId: string, cause: string): void;
  /** The VPC of a subnet; undefined where there is no such subnet. */
  vpcOf(region: string, subnet: string): string | undefined;
  /** What decisions on rights need to know. */
  readonly facts: Ec2Facts;
  /** Ends what is due; to be called when the clock was moved. */
  settle(): void;
}

class LocalEc2 implements Ec2Plane {
  readonly service = "ec2";
  readonly settings: Ec2Settings;
  readonly facts: Ec2Facts;
  readonly #context: PlaneContext;
  readonly #bytes: Bytes;
  readonly #store: Store;
  readonly #lifecycle: Lifecycle;
  readonly #disks: VolumeBytes;

  constructor(context: PlaneContext, settings: Ec2Settings) {
    this.#context = context;
    this.settings = settings;
    this.#bytes = new Bytes(context.stateDir);
    this.#store = new Store(new Journal(context.stateDir), this.#bytes, context.account);
    this.facts = ec2Facts(this.#store);
    this.#lifecycle = new Lifecycle(this.#store, context, settings);
    this.#disks = new VolumeBytes(this.#store, this.#bytes);
    // What was pending when the last daemon ended goes on; its events come by timer, when the sandbox is up.
    this.#lifecycle.arm();
  }

  async handle(request: PlaneRequest): Promise<PlaneResponse> {
    const requestId = randomUUID();
    const answer = (action: string, status: number, body: string): PlaneResponse => ({
      action,
      status,
      headers: { "content-type": "text/xml;charset=UTF-8", "x-amzn-requestid": requestId },
      body,
    });
    let action = "Unknown";
    try {
      const parsed = parseRequest(request);
      action = parsed.action;
      this.#lifecycle.settle();
      const content = this.#run(request, parsed);
      this.#lifecycle.arm();
      return answer(action, 200, responseXml(action, requestId, content));
    } catch (error) {
      if (error instanceof Ec2Error)
        return answer(action, error.status, errorXml(error.code, error.message, requestId));
      // A fault of the sandbox: what it is helps more than AWS's "An internal error has occurred".
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return answer(action, 500, errorXml("InternalError", message, requestId));
    }
  }

  #run({ region, caller, keysRefused }: PlaneRequest, { action, params }: ReturnType<typeof parseRequest>): string {
    const prepare = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (!prepare) {
      throw new Ec2Error(
        "InvalidAction",
        `The action ${action} is not valid for this web service: the sandbox does not have it.`,
      );
    }
    if (!isRegion(region)) throw invalidValue(`Invalid region: [${region}]`);
    const call: Call = {
      context: this.#context,
      settings: this.settings,
      store: this.#store,
      bytes: this.#bytes,
      action,
      region,
      shelf: this.#store.shelf(region),
      now: this.#context.now(),
      keysRefused: keysRefused !== undefined,
      byService: caller.endsWith(".amazonaws.com"),
    };
    const dryRun = params.boolean("DryRun") ?? false;
    const commit = prepare(call, params);
    params.refuseUnread();
    if (dryRun) throw dryRunOperation();
    return commit();
  }

  async readVolume(region: string, volumeId: string, offset: number, length: number): Promise<Buffer> {
    return this.#disks.readVolume(region, volumeId, offset, length);
  }

  async readSnapshot(region: string, snapshotId: string, offset: number, length: number): Promise<Buffer> {
    return this.#disks.readSnapshot(region, snapshotId, offset, length);
  }

  async snapshotRanges(region: string, snapshotId: string): Promise<Range[]> {
    return this.#disks.snapshotRanges(region, snapshotId);
  }

  writeVolume(region: string, volumeId: string, offset: number, data: Buffer): Promise<void> {
    return this.#disks.writeVolume(region, volumeId, offset, data);
  }

  plantSnapshots(region: string, past: readonly PastSnapshot[]): string[] {
    return plantSnapshots(this.#store, this.#bytes, region, past);
  }

  failSnapshot(region: string, snapshotId: string, cause: string): void {
    const snapshot = this.#store.shelf(region).snapshots.get(snapshotId);
    if (snapshot?.state !== "pending") throw new DiskError(`There is no pending snapshot ${snapshotId} in ${region}`);
    this.#lifecycle.fail(snapshot, cause);
  }

  vpcOf(region: string, subnet: string): string | undefined {
    return this.#store.shelf(region).subnets.get(subnet)?.vpc;
  }

  settle(): void {
    this.#lifecycle.settle();
  }

  async reset(): Promise<void> {
    await this.#disks.idle();
    this.#store.clear();
    this.#lifecycle.arm();
  }

  async close(): Promise<void> {
    this.#lifecycle.close();
    await this.#disks.idle();
    this.#store.close();
  }
}

/** Makes the plane, with the state that an earlier one left in the folder. Settings not given have AWS's values or are quick. */
export function createEc2Plane(context: PlaneContext, settings: Partial<Ec2Settings> = {}): Ec2Plane {
  return new LocalEc2(context, Object.assign(settings, { ...defaultSettings(), ...settings }));
}
