import type { Artifact, Create, Delete, Point, PointIdentity, Resource } from "../../../core/model/model.js";
import { names } from "../../../core/names/names.js";
import type { Answer, Backend, Context, Found, Make, Task, Whole } from "../../../kinds/backend.js";
import { DAY } from "../../core/worlds.js";
import { toy, WITH_TOY } from "./rules.js";
import { type Fate, Workshop } from "./workshop.js";

/** So long Toyworks is at a cast, or at a copy of one, and so long it takes until one that was thrown away is off the shelf. */
export const MAKES_MS = 2 * DAY;
export const REMOVES_MS = DAY;
/** By then a workflow of it has ended, whatever became of it. */
export const FLOW_MS = 3 * DAY;

interface Cast extends PointIdentity {
  readonly id: string;
  readonly member: string;
  readonly region: string;
  readonly startedAt: number;
  readonly shownFrom: number;
  readonly source?: string;
  readonly takenAt?: number;
  readonly fate: Fate;
  readonly recorded?: string;
  goneAt?: number;
}

type Making = Pick<Cast, "home" | "member" | "source" | "takenAt"> & Partial<Pick<Cast, "fate" | "shownFrom">>;

/** What goes wrong, as a test wants it. */
export interface Luck {
  /** Whether casts are made and thrown away by workflows: nothing is seen of a cast until its workflow is done. */
  readonly byWorkflows?: boolean;
  /** Comes before each task. */
  readonly before?: (task: Task) => Promise<void>;
  /** What becomes of something that is made. */
  readonly fate?: () => Fate;
  /** What it answers when the row of a workflow is written, instead of starting it. */
  readonly afterBegin?: (task: Task) => Answer | undefined;
  /** What it answers instead of doing a task. */
  readonly instead?: (task: Task) => Answer | undefined;
  /** It does a task, and the answer is lost. */
  readonly losesAnswer?: () => boolean;
  /** A region of which nothing can be read. */
  readonly unreadable?: (region: string) => boolean;
}

/** Toyworks: moulds and casts of all regions in memory, and a backend for each region. */
export class Works {
  readonly kind = "toy";
  readonly rules = WITH_TOY;
  readonly casts: Cast[] = [];
  readonly moulds: Resource[];
  readonly workshop: Workshop;
  readonly #now: () => number;
  readonly #luck: Luck;

  constructor(moulds: readonly Resource[], now: () => number, luck: Luck = {}) {
    this.moulds = [...moulds];
    this.#now = now;
    this.#luck = luck;
    this.workshop = new Workshop(now);
  }

  backendIn(region: string): Backend {
    return {
      list: async (where, { isHome }) => this.#list(where, isHome),
      find: async (makes) => makes.map((make) => this.#find(region, make)),
      do: async (tasks, context) => {
        const answers: Answer[] = [];
        for (const task of tasks) {
          await this.#luck.before?.(task);
          answers.push(await this.#do(region, task, context));
        }
        return answers;
      },
    };
  }

  /** Whether a cast is on a shelf of any region. */
  has(id: string): boolean {
    return this.casts.some((cast) => cast.id === id && this.in(cast.region).includes(cast));
  }

  in(region: string): readonly Cast[] {
    const now = this.#now();
    return this.casts.filter(
      (one) =>
        one.region === region &&
        one.shownFrom <= now &&
        (one.goneAt === undefined || one.goneAt > now) &&
        !(one.fate === "dies" && this.#isOver(one)),
    );
  }

  #isOver({ startedAt }: Cast): boolean {
    return this.#now() >= startedAt + MAKES_MS;
  }

  #stateOf(cast: Cast): Artifact["state"] {
    if (!this.#isOver(cast)) return "pending";
    return cast.fate === "well" ? "completed" : "error";
  }

  #list(region: string, isHome: boolean): Whole {
    if (this.#luck.unreadable?.(region)) throw new Error("Toyworks is on strike");
    const points = [...Map.groupBy(this.in(region), ({ point }) => point).values()].flatMap((casts): Point[] => {
      const [first] = casts;
      if (first === undefined) return [];
      const { point: id, policy, resource, kind, home, scheduled, recorded } = first;
      const artifacts = casts.map((one) => this.#artifactOf(one));
      const about = {
        id,
        policy,
        resource,
        kind,
        home,
        region,
        scheduled,
        size: 1,
        level: "crash",
        artifacts,
      } as const;
      return [recorded === undefined ? about : { ...about, recorded }];
    });
    const resources = isHome ? this.moulds.filter((one) => one.region === region) : [];
    return { complete: true, asOf: this.#now(), resources, points, copiesInFlight: this.#copiesInto(region) };
  }

  #artifactOf(cast: Cast): Artifact {
    const { id, member, startedAt, source, takenAt } = cast;
    const state = this.#stateOf(cast);
    return {
      ...{ id, member, state, startedAt, progress: state === "completed" ? 100 : 50, sizeGiB: 1, holds: [] },
      ...(source !== undefined && { source }),
      ...(takenAt !== undefined && { takenAt }),
      ...(state === "error" && { cause: "the mould broke" }),
    };
  }

  #copiesInto(region: string): number {
    return this.in(region).filter((one) => one.source !== undefined && this.#stateOf(one) === "pending").length;
  }

  #find(region: string, make: Make): Found {
    const mine = this.in(region).filter((one) =>
      make.do === "create" ? one.point === make.point : one.source === make.artifact.id,
    );
    const [failed, alive] = [true, false].map((is) =>
      mine.filter((one) => (this.#stateOf(one) === "error") === is).map(({ id }) => id),
    );
    return { alive: alive ?? [], failed: failed ?? [] };
  }

  async #do(region: string, task: Task, context: Context): Promise<Answer> {
    const instead = this.#luck.instead?.(task);
    if (instead !== undefined) return instead;
    const isFlow = this.#luck.byWorkflows === true && (task.do === "create" || task.do === "delete");
    const answer = isFlow ? await this.#start(region, task, context) : this.#carryOut(region, task);
    const isLost = answer.is !== "failed" && answer.is !== "later" && this.#luck.losesAnswer?.() === true;
    return isLost ? { is: "failed", why: { message: "no answer" }, unsure: true } : answer;
  }

  /** Its row comes first, then its execution; what it does is seen when it is done. */
  async #start(region: string, task: Create | Delete, { settings, begin, beginDelete }: Context): Promise<Answer> {
    const now = this.#now();
    const isCreate = task.do === "create";
    const machine = names(settings.deployment, settings.role).workflow("toy", isCreate ? "cast" : "melt");
    const workflow = { machine, until: now + FLOW_MS };
    const name = isCreate ? await begin(task, workflow) : await beginDelete(task, workflow);
    if (typeof name !== "string") return name;
    const refused = this.#luck.afterBegin?.(task);
    if (refused !== undefined) return refused;
    const fate = this.#luck.fate?.() ?? "well";
    const takes = isCreate ? MAKES_MS : REMOVES_MS;
    this.workshop.start(name, { machine, endsAt: now + takes, fate });
    if (fate !== "well") return { is: "started", until: workflow.until };
    if (isCreate) this.#make(task, { home: region, member: task.resource, shownFrom: now + takes });
    else for (const cast of this.in(region)) if (task.artifacts.includes(cast.id)) cast.goneAt ??= now + takes;
    return { is: "started", until: workflow.until };
  }

  #carryOut(region: string, task: Task): Answer {
    if (task.region !== region) throw new Error(`a task of ${task.region} came to ${region}`);
    switch (task.do) {
      case "create":
        return this.#make(task, { home: region, member: task.resource, fate: this.#luck.fate?.() ?? "well" });
      case "copy": {
        if (this.#copiesInto(region) >= toy.limits.copySlots)
          return { is: "later", why: { message: "one at a time" }, stop: "Toyworks copies one at a time" };
        const { id, member, startedAt } = task.artifact;
        const fate = this.#luck.fate?.() ?? "well";
        return this.#make(task, { home: task.home, member, source: id, takenAt: startedAt, fate });
      }
      case "delete":
        for (const cast of this.in(region))
          if (task.artifacts.includes(cast.id)) cast.goneAt ??= this.#now() + REMOVES_MS;
        return { is: "done", artifacts: task.artifacts };
      case "finalize":
      case "verify":
        throw new Error(`nobody plans to ${task.do} a cast`);
    }
  }

  #make(task: Make, of: Making): Answer {
    const { policy, resource, kind, point, scheduled, region, recorded } = task;
    const now = this.#now();
    const id = `cast-${region}-${this.casts.length}`;
    const about = { policy, resource, kind, point, scheduled, region, id, startedAt: now };
    const cast: Cast = { ...about, shownFrom: now, fate: "well", ...of };
    this.casts.push(recorded === undefined ? cast : { ...cast, recorded });
    return { is: "done", artifacts: [id] };
  }
}
