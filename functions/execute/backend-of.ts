import type { RulesTable } from "../../core/model/kind.js";
import type { Backend } from "../../kinds/backend.js";
import type { Planned } from "./result.js";

/** Says for each action which backend is that of its kind. */
export const backendOf =
  (backends: Readonly<Record<string, Backend>>, rules: RulesTable) =>
  ({ kind: resourceKind }: Planned): Backend => {
    const kind = Object.keys(backends).find((one) => rules[one]?.resourceKinds.includes(resourceKind));
    const found = kind === undefined ? undefined : backends[kind];
    if (found === undefined) throw new Error(`no kind has resources that are "${resourceKind}"`);
    return found;
  };
