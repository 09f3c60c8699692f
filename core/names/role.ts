/** What a stack is for: it protects (`primary`) or it keeps proven copies (`dr`). */
export const ROLES = ["primary", "dr"] as const;
export type Role = (typeof ROLES)[number];

/** Whether a stack does what it plans; `plan`: it looks, plans and tells, and makes, copies and deletes nothing. */
export const MODES = ["act", "plan"] as const;
export type Mode = (typeof MODES)[number];
