import type { BackupEvent } from "../faults/endings.js";
import type { PlaneContext } from "../plane.js";
import type { Contents } from "./contents.js";
import type { FsxSettings } from "./settings.js";
import type { Backup } from "./state/model.js";
import type { Store } from "./state/store.js";

/** What FSx asks other services. */
export interface Neighbours {
  /** Looks a KMS key up: its ARN, or undefined when FSx could not use it. */
  readonly key: (region: string, key: string) => Promise<string | undefined>;
  /** The VPC of a subnet; undefined where there is no such subnet. */
  readonly vpcOf: (region: string, subnet: string) => string | undefined;
  readonly isRegion: (name: string) => boolean;
  /** How what begins now ends, where the sandbox was asked to let it go wrong. */
  readonly endingOf: (region: string, event: BackupEvent) => Pick<Backup, "failure" | "stuck"> | undefined;
}

/** One request, and the world that it is about. */
export interface Call {
  readonly context: PlaneContext;
  readonly settings: FsxSettings;
  readonly neighbours: Neighbours;
  readonly store: Store;
  readonly contents: Contents;
  readonly region: string;
  readonly now: number;
  /** The AWS service that calls, by its access key: `backup.amazonaws.com` makes backups of type AWS_BACKUP. */
  readonly byService: string | undefined;
  /** Removes what is gone by now, and the bytes that nothing refers to. */
  sweep(): void;
  /** The request as it came. */
  readonly input: Readonly<Record<string, unknown>>;
}
