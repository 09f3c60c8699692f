import { livingIn } from "../../core/inventory/lineage.js";
import type { Trouble } from "../../core/model/causes.js";
import type { Inventory } from "../../core/model/model.js";
import { VERBS } from "../../core/names/names.js";
import type { SurveyFile } from "../store/survey-file.js";
import type { Results } from "./expected.js";
import { refusedBy } from "./troubles.js";

/**
 * Which open alerts this run could judge: of the kinds that it read. With a region unknown, of the alert's kind or of any where it is
 * about several, only what concerns whole regions; what AWS refused stays open as long as the same work is merely put off.
 */
export function judged(survey: SurveyFile, results: Results): (trouble: Trouble) => boolean {
  const isWhole = (inventories: readonly Inventory[]): boolean =>
    inventories.every(({ regions }) => Object.values(regions).every((view) => view.complete));
  const isKnown = isWhole(survey.inventories);
  const unknown = new Set(
    survey.kinds.filter((kind) => !isWhole(survey.inventories.filter((inventory) => inventory.kind === kind))),
  );
  const read = survey.isAll ? new Set() : resourcesIn(survey);
  const putOff = new Set(
    VERBS.flatMap((verb) =>
      results[verb]
        .filter(({ outcome }) => outcome === "later" || outcome === "planned")
        .map((result) => JSON.stringify([refusedBy(verb), result.policy, result.resource])),
    ),
  );
  return ({ cause, policy, resource, kind }) => {
    if (cause === "run-failed" || cause === "only-plans") return true;
    const isRead = survey.isAll || (kind === undefined ? read.has(resource) : survey.kinds.includes(kind));
    if (!isRead) return false;
    if (cause === "region-unknown") return true;
    return (
      (kind === undefined ? isKnown : !unknown.has(kind)) && !putOff.has(JSON.stringify([cause, policy, resource]))
    );
  };
}

/** All that the kinds that were read have anything of. */
const resourcesIn = ({ inventories }: SurveyFile): ReadonlySet<string> =>
  new Set(
    inventories.flatMap((inventory) => [
      ...(livingIn(inventory) ?? []).map(({ id }) => id),
      ...Object.values(inventory.regions).flatMap((view) =>
        view.complete ? view.points.map(({ resource }) => resource) : [],
      ),
    ]),
  );
