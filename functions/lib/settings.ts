import * as v from "valibot";
import { MEMBERS } from "../../core/members.js";
import type { Settings, TagExpression } from "../../core/model.js";
import { SETTINGS_KEY } from "../../core/names.js";
import type { Bucket } from "./bucket.js";
import { parseInput } from "./input.js";

const Count = v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1)));
const Retain = v.strictObject({
  count: Count,
  ageMs: v.exactOptional(v.pipe(v.number(), v.minValue(1))),
  hourly: Count,
  daily: Count,
  weekly: Count,
  monthly: Count,
  yearly: Count,
});
const Lock = v.strictObject({
  mode: v.picklist(["governance", "compliance"]),
  days: v.pipe(v.number(), v.integer(), v.minValue(1)),
  coolOffHours: Count,
});
const Name = v.pipe(v.string(), v.nonEmpty());
const Tags: v.GenericSchema<TagExpression> = v.union([
  v.strictObject({
    key: v.exactOptional(Name),
    keyLike: v.exactOptional(Name),
    keyPrefix: v.exactOptional(Name),
    value: v.exactOptional(v.string()),
    like: v.exactOptional(v.string()),
    prefix: v.exactOptional(v.string()),
  }),
  v.strictObject({ all: v.array(v.lazy(() => Tags)) }),
  v.strictObject({ any: v.array(v.lazy(() => Tags)) }),
  v.strictObject({ not: v.lazy(() => Tags) }),
]);
const Exclude = v.strictObject({
  boot: v.exactOptional(v.boolean()),
  devices: v.exactOptional(v.array(Name)),
  volumeTags: v.exactOptional(v.record(v.string(), v.string())),
});
const Schema = v.strictObject({
  deployment: Name,
  role: v.picklist(["primary", "dr"]),
  mode: v.exactOptional(v.picklist(["act", "plan"])),
  region: Name,
  peers: v.array(Name),
  tags: v.record(v.string(), v.string()),
  orphanAfterMs: v.exactOptional(v.pipe(v.number(), v.minValue(1))),
  approveAbove: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  tagNames: v.exactOptional(
    v.strictObject({
      keepForever: Name,
      backup: v.exactOptional(Name),
      retention: v.exactOptional(Name),
      crossRegion: v.exactOptional(Name),
    }),
  ),
  policies: v.array(
    v.strictObject({
      name: Name,
      select: v.union([Tags, v.strictObject({ everything: v.literal(true) })]),
      kinds: v.exactOptional(v.array(v.picklist(["instance", "volume"]))),
      include: v.exactOptional(v.array(v.picklist(MEMBERS))),
      also: v.exactOptional(v.boolean()),
      source: v.exactOptional(v.literal("any")),
      schedule: v.exactOptional(Name),
      timezone: v.exactOptional(Name),
      exclude: v.exactOptional(Exclude),
      copyTags: v.exactOptional(
        v.union([
          v.literal(true),
          v.array(Name),
          v.strictObject({ only: v.exactOptional(v.array(Name)), except: v.exactOptional(v.array(Name)) }),
        ]),
      ),
      pointTags: v.exactOptional(v.record(v.string(), v.string())),
      retain: Retain,
      lock: v.exactOptional(Lock),
      copy: v.array(
        v.strictObject({
          region: Name,
          retain: Retain,
          kmsKey: v.exactOptional(Name),
          lock: v.exactOptional(Lock),
        }),
      ),
    }),
  ),
});

/** The stack's settings, as the program wrote them. */
export async function readSettings(bucket: Bucket): Promise<Settings> {
  const raw = await bucket.read(SETTINGS_KEY);
  if (raw === undefined) throw new Error(`the bucket holds no ${SETTINGS_KEY}: deploy the stack again`);
  return parseInput(Schema, raw, SETTINGS_KEY);
}
