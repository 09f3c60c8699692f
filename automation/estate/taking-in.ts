import type { Settings } from "../../core/model/model.js";
import { type Importers, type TakingInAll, takingInAll } from "../../functions/adopt/importers.js";

/** What the next run of a primary would make points of, of what others have made, by the code that the run goes by. Only reads. */
export async function takingIn(importers: Importers, settings: Settings, now: number): Promise<TakingInAll> {
  if (settings.role !== "primary") return { watched: 0, taken: [], left: [], refused: [] };
  return takingInAll(importers, settings, now);
}
