import { ebsEvents } from "./ebs/events.js";
import type { KindEvents } from "./event.js";
import type { Kind } from "./rules.js";

/** The events of all kinds, apart from all else of them: who hears of events loads nothing more. */
export const EVENTS = { ebs: ebsEvents } as const satisfies Readonly<Record<Kind, KindEvents>>;
