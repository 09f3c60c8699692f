import type { Settings } from "../../core/model/model.js";
import type { Backend } from "../../kinds/backend.js";
import type { Importer, Left, TakenIn } from "../../kinds/importer.js";

/** Importers, by their kinds. */
export type Importers = ReadonlyMap<string, Importer>;

/** Those of the kinds that have one. */
export const importersOf = (backends: Readonly<Record<string, Backend>>): Importers =>
  new Map(Object.entries(backends).flatMap(([kind, { importer }]) => (importer ? [[kind, importer] as const] : [])));

/** What is none of our points, and its kind. */
export interface LeftOf extends Left {
  readonly kind: string;
}

/** What policies take in of all kinds. */
export interface TakingInAll {
  readonly watched: number;
  readonly taken: readonly (TakenIn & { readonly kind: string; readonly importer: Importer })[];
  readonly left: readonly Left[];
  readonly refused: readonly LeftOf[];
}

/** Only reads. */
export async function takingInAll(importers: Importers, settings: Settings, now: number): Promise<TakingInAll> {
  const looks = await Promise.all(
    [...importers].map(async ([kind, importer]) => ({ kind, importer, ...(await importer.takingIn(settings, now)) })),
  );
  return {
    watched: looks.reduce((sum, { watched }) => sum + watched, 0),
    taken: looks.flatMap(({ taken, kind, importer }) => taken.map((one) => ({ ...one, kind, importer }))),
    left: looks.flatMap(({ left }) => left),
    refused: looks.flatMap(({ refused, kind }) => refused.map((one) => ({ ...one, kind }))),
  };
}
