import * as v from "valibot";
import type { Settings, TagExpression } from "../../core/model.js";
import { SETTINGS_KEY } from "../../core/names.js";
import { MEMBERS } from "../../core/scope.js";
import type { Bucket } from "./bucket.js";
import { parseInput } from "./input.js";

// Of valibot's actions only check: a function need not carry several.
const wholeFrom = (least: number) =>
  v.pipe(
    v.number(),
    v.check((n) => Number.isInteger(n) && n >= least, `is not a whole number from ${least}`),
  );
const Whole = wholeFrom(1);
const Count = v.exactOptional(Whole);
const Millis = v.exactOptional(
  v.pipe(
    v.number(),
    v.check((n) => n >= 1, "is less than 1"),
  ),
);
const Retain = v.strictObject({
  count: Count,
  ageMs: Millis,
  hourly: Count,
  daily: Count,
  weekly: Count,
  monthly: Count,
  yearly: Count,
});
const AnyLock = v.exactOptional(
  v.strictObject({
    mode: v.picklist(["governance", "compliance"]),
    days: Whole,
    coolOffHours: Count,
  }),
);
const Name = v.pipe(
  v.string(),
  v.check((text) => text !== "", "is empty"),
);
const Optional = v.exactOptional(Name);
const Names = v.array(Name);
const Texts = v.record(v.string(), v.string());
const Flag = v.exactOptional(v.boolean());
const Text = v.exactOptional(v.string());
const Tags: v.GenericSchema<TagExpression> = v.union([
  v.strictObject({
    key: Optional,
    keyLike: Optional,
    keyPrefix: Optional,
    value: Text,
    like: Text,
    prefix: Text,
  }),
  v.strictObject({ all: v.array(v.lazy(() => Tags)) }),
  v.strictObject({ any: v.array(v.lazy(() => Tags)) }),
  v.strictObject({ not: v.lazy(() => Tags) }),
]);
const Exclude = v.strictObject({
  boot: Flag,
  devices: v.exactOptional(Names),
  volumeTags: v.exactOptional(Texts),
});
const Schema = v.strictObject({
  deployment: Name,
  role: v.picklist(["primary", "dr"]),
  mode: v.exactOptional(v.picklist(["act", "plan"])),
  region: Name,
  peers: Names,
  tags: Texts,
  orphanAfterMs: Millis,
  approveAbove: v.exactOptional(wholeFrom(0)),
  tagNames: v.exactOptional(
    v.strictObject({
      keepForever: Name,
      backup: Optional,
      retention: Optional,
      crossRegion: Optional,
    }),
  ),
  policies: v.array(
    v.strictObject({
      name: Name,
      select: v.union([Tags, v.strictObject({ everything: v.literal(true) })]),
      kinds: v.exactOptional(v.array(v.picklist(["instance", "volume"]))),
      include: v.exactOptional(v.array(v.picklist(MEMBERS))),
      also: Flag,
      source: v.exactOptional(v.literal("any")),
      schedule: Optional,
      timezone: Optional,
      exclude: v.exactOptional(Exclude),
      copyTags: v.exactOptional(
        v.union([
          v.literal(true),
          Names,
          v.strictObject({ only: v.exactOptional(Names), except: v.exactOptional(Names) }),
        ]),
      ),
      pointTags: v.exactOptional(Texts),
      retain: Retain,
      lock: AnyLock,
      copy: v.array(
        v.strictObject({
          region: Name,
          retain: Retain,
          kmsKey: Optional,
          lock: AnyLock,
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
