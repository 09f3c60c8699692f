import * as v from "valibot";
import { doc } from "../../core/config/doc.js";
import { fields, isObject, leaveOut, type Plain } from "../../core/config/fields.js";
import { once } from "../../core/config/rules.js";
import { keyPattern } from "../../core/config/select.js";
import { anyKey, anyValue, freeKey, TAGS_MAX, tagMap } from "../../core/config/tags.js";
import { flag, text } from "../../core/config/values.js";

/** Names that a volume may be attached by (EC2 user guide, "Device names for volumes"): /dev/sdf, /dev/sda1, /dev/xvda, xvdf. */
const DEVICE = /^(\/dev\/(sd|hd|xvd)[a-z]{1,2}\d{0,2}|xvd[a-z]{1,2})$/;
const DEVICE_WANT = "a device name as EC2 shows it, like /dev/sdb";

/** Why EC2 has no such name, where people often take it for one. */
function whyNone(device: string): string {
  if (/nvme/.test(device)) return ": names of NVMe are what the system in the instance shows, EC2 has none of them";
  const whole = `/dev/${device}`;
  return DEVICE.test(whole) ? `: here ${whole}, since names are compared whole` : "";
}

const device = v.pipe(
  text(DEVICE_WANT),
  v.check(
    (name) => DEVICE.test(name),
    ({ input }) => DEVICE_WANT + whyNone(input),
  ),
);

const EXCLUDE_WANT =
  "boot, devices or volumeTags, like { boot: true, devices: [/dev/sdb], volumeTags: { Scratch: yes } }";

/** Volumes of an instance that its points leave out: each that any of these fits. */
export const Exclude = v.pipe(
  fields(EXCLUDE_WANT, {
    boot: v.exactOptional(v.pipe(flag, doc("true or false", "the volume that it boots from", "false"))),
    devices: v.exactOptional(
      v.pipe(
        v.array(device, "a list of device names, like [/dev/sdb]"),
        once("each device once"),
        doc("list of text", "those with these device names, as EC2 shows them, like `/dev/sdb`"),
      ),
    ),
    volumeTags: v.exactOptional(
      v.pipe(
        tagMap("tag keys with their values, like { Scratch: yes }", anyKey, anyValue),
        doc("object", "those that have one of these tags with that value"),
      ),
    ),
  }),
  v.check(
    ({ boot, devices = [], volumeTags = {} }) =>
      boot === true || devices.length > 0 || Object.keys(volumeTags).length > 0,
    EXCLUDE_WANT,
  ),
  leaveOut("boot", false),
);
export type Exclude = Plain<v.InferOutput<typeof Exclude>>;

const patterns = v.pipe(v.array(keyPattern, "a list of patterns of tag keys"), v.nonEmpty("at least one pattern"));

const FILTER_WANT = 'patterns of tag keys, like { only: ["app:*"], except: ["app:secret*"] }';

/** At least one of `only` must take the key, without it all do; none of `except` may. */
const CopyTagsFilter = v.pipe(
  fields(FILTER_WANT, { only: v.exactOptional(patterns), except: v.exactOptional(patterns) }),
  v.check((filter) => Object.keys(filter).length > 0, "only or except, or true for all"),
);
type CopyTagsFilter = Plain<v.InferOutput<typeof CopyTagsFilter>>;

const COPY_TAGS_WANT = "true for all, a list of tag keys, or only and except with patterns of keys";

const keys = v.pipe(
  v.array(freeKey, COPY_TAGS_WANT),
  v.nonEmpty("at least one tag key, or no copyTags"),
  v.maxLength(TAGS_MAX, `at most ${TAGS_MAX} keys, since AWS allows no more tags`),
  once("each key once"),
);

/** Which of a volume's own tags its snapshots get: all, those with these keys, or those whose keys patterns take. */
export const CopyTags = v.lazy(
  (input): v.GenericSchema<unknown, boolean | string[] | v.InferOutput<typeof CopyTagsFilter>> => {
    if (typeof input === "boolean") return v.boolean();
    return isObject(input) ? CopyTagsFilter : keys;
  },
);
/** What is copied where something is. */
export type CopyTags = true | Plain<string[] | CopyTagsFilter>;
