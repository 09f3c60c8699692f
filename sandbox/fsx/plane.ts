import type { FsxFacts } from "../iam/services/fsx.js";
import type { Plane, PlaneContext, PlaneRequest, PlaneResponse } from "../plane.js";
import { Journal } from "../state/journal.js";
import { answerJson } from "../wire/json.js";
import type { ServiceModel } from "../wire/model.js";
import { arnOf } from "./arns.js";
import type { Call, Neighbours } from "./call.js";
import { Contents } from "./contents.js";
import { type FilesPlace, failBackup, filesOf } from "./doors.js";
import { isGone } from "./file-systems/lifecycle.js";
import { OPERATIONS } from "./operations.js";
import { type PastBackup, plantBackups } from "./past.js";
import { defaultSettings, type FsxSettings } from "./settings.js";
import type { Entity } from "./state/model.js";
import { Store } from "./state/store.js";

export type { FsxSettings } from "./settings.js";

/** A network interface of a file system. */
export interface FsxInterface {
  readonly id: string;
  readonly subnet: string;
  readonly vpc: string;
  readonly groups: readonly string[];
  readonly description: string;
}

/**
 * FSx, with real files. Where it knowingly differs from AWS:
 * - Nothing is mounted: a file system is a directory on this machine, which its users write and read.
 * - FSx takes no automatic backups by itself; whoever calls with the access key `fsx.amazonaws.com` makes one of that type, and
 *   with `backup.amazonaws.com` one of AWS Backup's. There is no AWS Backup.
 * - Security groups, route tables and directories are not looked up. All types are in all regions. Of throughputs only those of
 *   Lustre are checked.
 * - A backup has the bytes of the moment of the call, also when it waits for an update.
 */
export interface FsxPlane extends Plane {
  /** May be changed at any time. */
  readonly settings: FsxSettings;
  /** Those that EC2 shows of the file systems in a region. */
  interfacesIn(region: string): readonly FsxInterface[];
  /** What decisions on rights need to know. */
  readonly facts: FsxFacts;
  /** Where the files of a file system, a volume or a backup lie on this machine. Throws for what is not there. */
  filesOf(region: string, id: string): FilesPlace;
  /** Backups of what is there, as if they had been taken long ago (past.ts). Answers with their ids. */
  plantBackups(region: string, past: readonly PastBackup[]): Promise<string[]>;
  /** A fault: a backup or copy becomes FAILED now, also one that was AVAILABLE already. */
  failBackup(region: string, id: string, cause: string): void;
}

export interface FsxOptions {
  readonly model: ServiceModel;
  readonly neighbours: Neighbours;
  readonly settings?: Partial<FsxSettings>;
}

class LocalFsx implements FsxPlane {
  readonly service = "fsx";
  readonly settings: FsxSettings;
  readonly #context: PlaneContext;
  readonly #options: FsxOptions;
  readonly #contents: Contents;
  readonly #store: Store;
  /** One request after the other: a backup has the bytes of one moment. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(context: PlaneContext, options: FsxOptions) {
    this.#context = context;
    this.#options = options;
    this.settings = { ...defaultSettings(), ...options.settings };
    this.#contents = new Contents(context.stateDir);
    this.#store = new Store(new Journal<Entity>(context.stateDir, "lockstep-fsx 1"));
    this.#sweep();
    this.#tidy();
  }

  get facts(): FsxFacts {
    return {
      find: (region, id) => {
        const found = this.#store.all().find((one) => one.id === id && one.region === region);
        return found && { arn: arnOf(this.#context.account, found), tags: found.tags };
      },
    };
  }

  interfacesIn(region: string): readonly FsxInterface[] {
    return this.#store.fileSystems(region).flatMap(({ id, described, groups = [] }) =>
      (described.NetworkInterfaceIds ?? []).map((one, i) => {
        const subnet = described.SubnetIds?.[i] ?? "";
        // The words are not documented: from the field.
        return {
          id: one,
          subnet,
          vpc: described.VpcId ?? "",
          groups,
          description: `AWS created network interface for ${id}`,
        };
      }),
    );
  }

  handle(request: PlaneRequest): Promise<PlaneResponse> {
    const api = { model: this.#options.model, operations: OPERATIONS, invalid: "BadRequest" };
    return this.#inTurn(() => answerJson(api, request, (input) => this.#call(request, input)));
  }

  filesOf(region: string, id: string): FilesPlace {
    return filesOf(this.#call({ region }), id);
  }

  plantBackups(region: string, past: readonly PastBackup[]): Promise<string[]> {
    return this.#inTurn(() => plantBackups(this.#call({ region }), past));
  }

  failBackup(region: string, id: string, cause: string): void {
    failBackup(this.#call({ region }), id, cause);
  }

  async reset(): Promise<void> {
    await this.#last;
    this.#store.clear();
    this.#tidy();
  }

  async close(): Promise<void> {
    await this.#last;
    this.#store.close();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(() => {
      this.#sweep();
      return work();
    });
    this.#last = done.catch(() => undefined);
    return done;
  }

  #call(
    { region, caller = "" }: Pick<PlaneRequest, "region"> & { readonly caller?: string },
    input: Readonly<Record<string, unknown>> = {},
  ): Call {
    return {
      context: this.#context,
      settings: this.settings,
      neighbours: this.#options.neighbours,
      store: this.#store,
      contents: this.#contents,
      region,
      now: this.#context.now(),
      byService: caller.endsWith(".amazonaws.com") ? caller : undefined,
      sweep: () => this.#tidy(),
      input,
    };
  }

  /** Forgets what is gone by now. */
  #sweep(): void {
    const now = this.#context.now();
    const gone = this.#store.all().filter((one) => "goneAt" in one && isGone(one, now));
    if (gone.length === 0) return;
    this.#store.commit(gone.map(({ id }) => ({ drop: id })));
    this.#tidy();
  }

  /** Removes the files that nothing refers to. */
  #tidy(): void {
    const all = this.#store.all();
    const units = all.filter(({ kind }) => kind !== "backup").map(({ id }) => id);
    const contents = all.flatMap((one) => (one.kind === "backup" ? (one.content ?? []) : []));
    this.#contents.keepOnly(new Set(units), new Set(contents));
  }
}

/** Makes the plane, with the state that an earlier one left in the folder. */
export const createFsxPlane = (context: PlaneContext, options: FsxOptions): FsxPlane => new LocalFsx(context, options);
