import { hash } from "node:crypto";

/** What makes a point the one it is. */
export interface Identity {
  readonly policy: string;
  readonly home: string;
  readonly resource: string;
  readonly scheduled: number;
}

/** 80 bits: among a million points the chance of two alike is below one in a trillion. */
const HEX_DIGITS = 20;

/** The same input gives the same id in every region and every run, so that a point can be looked up before it is made. */
export function pointId({ policy, home, resource, scheduled }: Identity): string {
  // JSON keeps the fields apart: ("a", "bc") and ("ab", "c") are different inputs.
  const input = JSON.stringify([policy, home, resource, scheduled]);
  return `lsp-${hash("sha256", input).slice(0, HEX_DIGITS)}`;
}
