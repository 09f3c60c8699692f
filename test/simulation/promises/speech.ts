import type { Alert } from "../../../core/model/model.js";
import { LAG_MAX, SKEW_MAX } from "../scenario.js";
import type { Cloud } from "../world/cloud.js";
import { holdsOf, isListed, type Run, type Snap } from "../world/snap.js";
import { HANGS } from "./too-long.js";
import type { Watch } from "./watch.js";

type Said = Pick<Alert, "cause" | "region" | "resource">;

/** What must be told: a cause, of a resource or of the whole region. */
interface Due {
  readonly cause: string;
  /** Empty where it is about the region. */
  readonly resource: string;
  readonly what: string;
}

/** From this share on a quota is near, whatever else is there. */
const NEAR = 0.92;

const NEVER_TOLD = { create: "cannot-protect", copy: "cannot-copy" } as const;

/**
 * Promise 5 for stacks that only decide: each look tells of what is wrong in its region, and of nothing that is not. What it tells no
 * more is over.
 */
export class SpeechJudge {
  readonly #cloud: Cloud;
  readonly #watch: Watch;

  constructor(cloud: Cloud, watch: Watch) {
    this.#cloud = cloud;
    this.#watch = watch;
  }

  says(run: Run, said: readonly Said[]): void {
    if (run.unknown.size > 0) return;
    const { name } = run.stack;
    for (const { cause, resource, what } of this.#due(run)) {
      if (said.some((one) => one.cause === cause && one.resource === resource)) continue;
      this.#broken(`${name} does not say ${cause}, though ${what}`, resource);
    }
    for (const { cause, resource } of said)
      if (this.#isUntrue(run, cause, resource)) this.#broken(`${name} says ${cause}, which is not so`, resource);
  }

  *#due(run: Run): Generator<Due> {
    const { settings } = run.stack;
    if (settings.role === "primary") yield* this.#impossible(run);
    if (this.#cloud.kind.usage !== undefined && this.#filled(settings.region) >= NEAR)
      yield { cause: "quota-near", resource: "", what: `others have filled ${settings.region}` };
    for (const snap of this.#cloud.in(settings.region).values()) {
      if (isOf(run, snap) && isPlain(snap, run)) yield* this.#aboutSnap(run, snap);
    }
  }

  *#impossible({ stack, policies }: Run): Generator<Due> {
    for (const { spec, selected } of this.#cloud.machines.in(stack.settings.region)) {
      const never = this.#watch.rules.never(spec.id);
      if (never === undefined || !selected || !policies.has(spec.policy)) continue;
      yield { cause: NEVER_TOLD[never], resource: spec.id, what: `AWS makes no ${never} of it` };
    }
  }

  *#aboutSnap(run: Run, snap: Snap): Generator<Due> {
    const { mark, id, state, region, startedAt, endedAt = run.began } = snap;
    const { engine, kind } = this.#cloud;
    const point = mark && this.#watch.truth.of(mark)?.point(region, mark.point);
    // Of sets, whose parts fail one by one, the functions' world judges.
    if (mark?.size !== 1 || point === undefined || holdsOf(snap, engine.now)) return;
    const isHome = mark.home === region;
    const { resource } = mark;
    const isTriedAgain = [...point.snaps].some((one) => one.volume === snap.volume && one.state !== "error");
    if (state === "error" && endedAt < run.began - LAG_MAX && !isTriedAgain)
      yield { cause: isHome ? "point-failed" : "copy-failed", resource, what: `${id} failed` };
    if (state === "pending" && startedAt < run.began - kind.pace.hangsAfter - SKEW_MAX)
      yield { cause: isHome ? "point-hangs" : "copy-hangs", resource, what: `${id} hangs` };
  }

  #isUntrue(run: Run, cause: string, resource: string): boolean {
    const { kind } = this.#cloud;
    const never = this.#watch.rules.never(resource);
    if (cause === "cannot-protect") return never !== "create";
    if (cause === "cannot-copy") return never !== "copy";
    const { region } = run.stack.settings;
    if (cause === "quota-near") return this.#filled(region) === 0;
    if (!HANGS.has(cause)) return false;
    const longest = run.began - kind.pace.hangsAfter + SKEW_MAX;
    return ![...this.#cloud.in(region).values()].some(
      ({ state, startedAt, mark }) => state === "pending" && startedAt < longest && mark?.resource === resource,
    );
  }

  #filled(region: string): number {
    const { engine, weather } = this.#cloud;
    return weather.filled(region, engine.now);
  }

  #broken(what: string, resource: string): void {
    const at = this.#cloud.engine.now;
    this.#watch.verdict.add({ promise: "5 told", at, what: `${what} ${resource}`.trim(), resource });
  }
}

/** Whether a stack is the one that looks after a snapshot there. */
function isOf({ stack: { settings } }: Run, { mark, region }: Snap): boolean {
  if (mark === undefined) return false;
  return settings.role === "primary" ? mark.home === region : settings.peers.includes(mark.home);
}

/** Whether a look sees it, as it was made. */
const isPlain = (snap: Snap, { began }: Run): boolean =>
  isListed(snap, began) && !snap.tampered && snap.touchedAt === 0 && snap.isGoing !== true;
