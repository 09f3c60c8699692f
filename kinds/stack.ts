import type { Statement } from "../components/iam/service-role.js";
import type { Site } from "../components/site.js";
import type { KindEvents } from "./event.js";

/** The functions that call AWS for a kind. */
export type Caller = "survey" | "make" | "delete" | "adopt";

/** What one kind needs deployed, as the components see it. */
export interface KindStack {
  /** What a function may do for the kind, beside what it may for every kind. Where a stack only plans that is to look, and no more. */
  readonly statements: Readonly<Record<Caller, (site: Site) => readonly Statement[]>>;
  /** Undefined where its service sends none: the tick finds what has changed. */
  readonly events: KindEvents | undefined;
  /** State machines that it deploys, by what core/names calls them after: their ends are heard of. @default none */
  readonly workflows?: readonly string[];
  /** How long events wait before they are gathered, where what they tell of is not ready at once. */
  delaySeconds(site: Site): number;
  /** Whether each run takes in what others made, before it surveys. */
  takesIn(site: Site): boolean;
}
