import type { ProjectSettings, StackSettings } from "@pulumi/pulumi/automation/index.js";

/** What the program will see for a key: the stack's own value, else the project's. */
export const settingOf = (project: ProjectSettings, settings: StackSettings, key: string): unknown =>
  merged(project, settings)[key];

/** The config as the engine hands it to the program: text as it is, everything else as JSON. */
export const engineConfig = (project: ProjectSettings, settings: StackSettings): Record<string, string> =>
  Object.fromEntries(
    Object.entries(merged(project, settings)).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );

function merged(project: ProjectSettings, settings: StackSettings): Record<string, unknown> {
  const shared: [string, unknown][] = Object.entries(project.config ?? {});
  const values = shared
    .map(([key, entry]) => [key, projectValue(entry)] as const)
    .filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(values), ...settings.config };
}

/** Pulumi.yaml has a value either as it is, a list too, or in an object that may also tell its type. */
function projectValue(entry: unknown): unknown {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return entry;
  return "value" in entry ? entry.value : "default" in entry ? entry.default : undefined;
}
