import type { Action, Copy, Create, Delete, Settings } from "../../../core/model/model.js";
import { TAG } from "../../../core/names/tags.js";
import { CLAIM_MS } from "../../../functions/store/claims.js";
import { isAnswer } from "../../cloud/errors.js";
import type { LockRequest } from "../../cloud/requests.js";
import type { Cloud } from "../world/cloud.js";
import type { Run, Snap } from "../world/snap.js";
import { Lookup } from "./lookup.js";
import type { Minds } from "./minds.js";

interface Claim {
  readonly until: number;
  /** The first artifact that came of it. */
  readonly made?: Snap;
}

/** What the hands of a run work with. */
interface Order {
  readonly settings: Settings;
  /** By the stack's own clock. */
  readonly now: number;
}

/** Dies between two calls. */
class Killed extends Error {}

/** Carries out what a stack has decided, at once; what AWS says no to, or does not answer, is tried again by a later look. Claims and looks up what it makes, and locks it. */
export class Hands {
  /** Calls after which it is killed. */
  patience = Number.POSITIVE_INFINITY;
  readonly #cloud: Cloud;
  readonly #mind: Minds;
  readonly #claims = new Map<string, Claim>();

  constructor(cloud: Cloud, mind: Minds) {
    this.#cloud = cloud;
    this.#mind = mind;
  }

  act(run: Run, actions: readonly Action[], order: Order): void {
    const there = new Lookup(this.#cloud.in(order.settings.region), this.#cloud.engine.now);
    try {
      for (const action of actions) {
        try {
          if (action.do === "delete") this.#delete(run, action);
          else if (action.do === "create" || action.do === "copy") this.#make(run, action, there, order);
          else if (action.do === "finalize")
            this.#lock(run, action.region, action.artifacts, this.#cloud.kind.lockOf?.(action));
        } catch (error) {
          if (!isAnswer(error)) throw error;
        }
      }
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
    this.patience = Number.POSITIVE_INFINITY;
  }

  /** Comes before each call. */
  #call(): void {
    if (this.patience <= 0 && this.#cloud.weather.feel("kill")) throw new Killed();
    this.patience -= 1;
  }

  #make(run: Run, action: Create | Copy, there: Lookup, { settings, now }: Order): void {
    const what = action.do === "create" ? action.point : action.artifact.id;
    if (this.#mind.asksFirst ?? true) {
      if (there.has(action.do === "create" ? TAG.point : TAG.source, what)) return;
      const claim = this.#claims.get(what);
      if (claim !== undefined && claim.until >= now && claim.made?.state !== "error") return;
    }
    const send = this.#sending(run, action, settings);
    if (send === undefined) return;
    const until = now + CLAIM_MS;
    this.#call();
    let snaps: readonly Snap[];
    try {
      snaps = send();
    } catch (error) {
      // After a lost answer nobody knows whether it was carried out, so the claim stays.
      if (!(error instanceof Error && "$metadata" in error)) this.#claims.set(what, { until });
      throw error;
    }
    const [made] = snaps;
    this.#claims.set(what, { until, ...(made && { made }) });
    this.#lockNew(run, settings.region, snaps, this.#cloud.kind.lockOf?.(action));
  }

  /** The call that an action means; undefined where it waits. */
  #sending(run: Run, action: Create | Copy, settings: Settings): (() => readonly Snap[]) | undefined {
    const { region } = settings;
    const cloud = this.#cloud;
    if (action.do === "create") {
      const request = cloud.kind.requestOf(action, settings);
      return request && (() => cloud.create(run, region, { ...request, ...this.#token(action) }));
    }
    const request = { ...cloud.kind.copyRequestOf(action, settings), ...this.#token(action) };
    return () => [cloud.copy(run, region, request)];
  }

  #token(action: Create | Copy): { readonly token?: string } {
    const token = this.#mind.token?.(action);
    return token === undefined ? {} : { token };
  }

  /** What cannot be locked at once is a point all the same. */
  #lockNew(run: Run, region: string, snaps: readonly Snap[], lock: LockRequest | undefined): void {
    try {
      this.#lock(
        run,
        region,
        snaps.map(({ id }) => id),
        lock,
      );
    } catch (error) {
      if (!isAnswer(error)) throw error;
    }
  }

  #lock(run: Run, region: string, artifacts: readonly string[], lock: LockRequest | undefined): void {
    if (lock === undefined) return;
    for (const artifact of artifacts) {
      this.#call();
      this.#cloud.lock(run, region, artifact, lock);
    }
  }

  /** One after the other, up to the first that does not go. */
  #delete(run: Run, action: Delete): void {
    for (const artifact of action.artifacts) {
      this.#call();
      try {
        this.#cloud.delete(run, action.region, artifact);
      } catch (error) {
        if (!(error instanceof Error && error.name === this.#cloud.kind.notFound)) throw error;
      }
    }
  }
}
