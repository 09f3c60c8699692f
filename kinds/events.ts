import { ebsEvents } from "./ebs/events.js";
import type { KindEvents } from "./event.js";
import type { Kind } from "./rules.js";

/** The events of all kinds, apart from all else of them: who hears of events loads nothing more. A kind may send none. */
export const EVENTS = { ebs: ebsEvents, fsx: undefined } as const satisfies Readonly<
  Record<Kind, KindEvents | undefined>
>;
