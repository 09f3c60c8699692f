import type { Artifact, Point } from "../../core/model/model.js";

/** Of the same member, or a copy of the same artifact. */
const isSame = (a: Artifact, b: Artifact): boolean =>
  a.source === undefined ? a.member === b.member : a.source === b.source;

/**
 * Points as AWS shows them, and beside them workflows that are still at it, or that ended without an artifact: pending and failed
 * artifacts like any other. Once AWS shows what a workflow made, that alone counts.
 */
export function withWorkflows(points: readonly Point[], workflows: readonly Point[]): readonly Point[] {
  if (workflows.length === 0) return points;
  const all = new Map(points.map((point) => [point.id, point]));
  for (const workflow of workflows) {
    const shown = points.find(({ id }) => id === workflow.id)?.artifacts ?? [];
    const more = workflow.artifacts.filter((artifact) => !shown.some((one) => isSame(one, artifact)));
    const before = all.get(workflow.id);
    if (more.length === 0) continue;
    all.set(workflow.id, before === undefined ? workflow : { ...before, artifacts: [...before.artifacts, ...more] });
  }
  return [...all.values()];
}
