import type { PlaneContext } from "../plane.js";
import type { Bytes } from "./bytes/bytes.js";
import type { Ec2Settings } from "./settings.js";
import type { Shelf, Store } from "./state/store.js";
import type { Params } from "./wire/protocol.js";

/** One request, and the world that it is about. */
export interface Call {
  readonly context: PlaneContext;
  readonly settings: Ec2Settings;
  readonly store: Store;
  readonly bytes: Bytes;
  readonly action: string;
  readonly region: string;
  readonly shelf: Shelf;
  readonly now: number;
  /** The caller has no rights on a key that it needs: found out after the answer. */
  readonly keysRefused: boolean;
  /** The caller is an AWS service, as Auto Scaling, which may give tags of AWS's own to what it makes. */
  readonly byService: boolean;
}

/** Changes the world and gives the content of the answer; called only when nothing speaks against it. */
export type Commit = () => string;

/**
 * An API action in two halves: the first reads every parameter and throws what is wrong, and changes nothing; its result
 * does the work. Between them the dispatcher refuses parameters that nobody read, and answers a DryRun.
 */
export type Action = (call: Call, params: Params) => Commit;
