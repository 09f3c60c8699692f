import type { Labels, Templates, Values } from "../names/templates.js";
import { PIECE } from "../names/templates.js";
import { inZone } from "../schedule/zone.js";
import type { Policy, Resource } from "./model.js";

/** EC2 user guide, "Tag restrictions". */
const VALUE_MAX = 256;

/** Whether a template names any of these. */
const namesAny = (template: string, names: readonly string[]): boolean =>
  [...template.matchAll(PIECE)].some(([, name]) => name !== undefined && names.includes(name));

/**
 * Those that one call can give to all artifacts of a point, and those that it cannot.
 * @param ofEach what differs between the artifacts
 */
export function split(
  templates: Templates = {},
  ofEach: readonly string[],
): { readonly ofPoint: Templates; readonly ofMember: Templates } {
  const entries = Object.entries(templates);
  return {
    ofPoint: Object.fromEntries(entries.filter(([, template]) => !namesAny(template, ofEach))),
    ofMember: Object.fromEntries(entries.filter(([, template]) => namesAny(template, ofEach))),
  };
}

/**
 * Fills in templates, in one pass: what is filled in is never read as a template again, whatever it looks like. A value that
 * would be too long for AWS is cut, between characters.
 */
export const render = ({ templates, values }: Labels, more: Values = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(templates).map(([key, template]) => [key, fill(template, { ...values, ...more })]));

function fill(template: string, values: Values): string {
  const text = template.replace(PIECE, (piece, name?: string) => {
    if (name === undefined) return piece.slice(0, 1);
    return Object.hasOwn(values, name) ? (values[name] ?? "") : "";
  });
  let cut = "";
  for (const char of text) {
    if (cut.length + char.length > VALUE_MAX) break;
    cut += char;
  }
  return cut;
}

interface Of {
  readonly policy: Pick<Policy, "name" | "timezone">;
  readonly resource: Pick<Resource, "id" | "kind"> & { readonly name?: string };
  readonly point: string;
  readonly scheduled: number;
  /** Where the artifact will be. */
  readonly region: string;
  readonly home: string;
}

/** What is known of a point. Times are those of its slot, in the policy's zone: the same point has the same tags whenever it is made. */
export function valuesOf({ policy, resource, point, scheduled, region, home }: Of): Values {
  const { timezone = "UTC" } = policy;
  const local = inZone(scheduled, timezone);
  const date = local.toPlainDate().toString();
  const time = local.toPlainTime().toString({ smallestUnit: "second" });
  return {
    policy: policy.name,
    kind: resource.kind,
    "resource-id": resource.id,
    name: resource.name ?? resource.id,
    "point-id": point,
    region,
    home,
    timezone,
    "iso-datetime": `${date}T${time}${local.offsetNanoseconds === 0 ? "Z" : local.offset}`,
    "iso-date": date,
    "iso-time": time,
    year: date.slice(0, 4),
    month: date.slice(5, 7),
    day: date.slice(8, 10),
    hour: time.slice(0, 2),
    minute: time.slice(3, 5),
    // Monday is 1 and Sunday 7 (ISO 8601).
    "iso-weekday": String(local.dayOfWeek),
  };
}
