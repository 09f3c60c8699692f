import * as v from "valibot";
import { doc } from "../../core/config/doc.js";
import { fields, leaveOut, type Plain } from "../../core/config/fields.js";
import { once } from "../../core/config/rules.js";
import { anyKey, anyValue, tagMap } from "../../core/config/tags.js";
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
