import * as v from "valibot";
import { TAG, TAG_NAMES, TAG_PREFIX } from "../names/tags.js";
import { doc } from "./doc.js";
import { between, fields, isObject, leaveOff, type Plain } from "./fields.js";
import { rule } from "./rules.js";
import { text } from "./values.js";

/** Tag naming limits of AWS's General Reference. */
export const KEY_MAX = 128;
export const VALUE_MAX = 256;
export const TAGS_MAX = 50;

/** What is left for a stack's tags, or a policy's: a copy has all of ours and a name. */
export const ROOM = TAGS_MAX - Object.keys(TAG).length - 1;

/** A tag key or value any AWS service takes (AWS General Reference, tag naming limits). */
const EVERYWHERE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const LETTERS = "letters, digits, spaces or _ . : / = + - @";

export const KEY_WANT = `a tag key of 1 to ${KEY_MAX} characters`;
export const VALUE_WANT = `a tag value, at most ${VALUE_MAX} characters`;
const TAKEN_WANT = `not one that starts with aws: or ${TAG_PREFIX}`;
/** Why the tag that keeps for ever is none of all points. */
export const KEEPS_ALL = "on single snapshots or backups only: here it would keep every point for ever";

const isFree = (key: string): boolean => !/^aws:/i.test(key) && !key.startsWith(TAG_PREFIX);

/**
 * "EC2 allows for any character in its tags" (EC2 user guide, "Tag restrictions"); its answers are XML, which has no control
 * characters.
 */
export const noControls = v.check(
  (one: string) => !/\p{Cc}/u.test(one),
  "text without line breaks and other control characters",
);

/** Whatever somebody may have put on a resource. */
export const anyKey = text(KEY_WANT, v.nonEmpty(), v.maxLength(KEY_MAX));
export const anyValue = text(VALUE_WANT, v.maxLength(VALUE_MAX));
/** A value of which there is something. */
export const someValue = text(VALUE_WANT, v.nonEmpty(), v.maxLength(VALUE_MAX));

/** What people may call a tag of resources and snapshots. */
const freeKeyOr = (more: string) =>
  text(`${KEY_WANT}, ${TAKEN_WANT}${more}`, v.nonEmpty(), v.maxLength(KEY_MAX), v.check(isFree), noControls);
export const freeKey = freeKeyOr("");

type Texts = Readonly<Record<string, string>>;

/** Tags by key. (A record of valibot's leaves out what is called `constructor` or `prototype`, as a tag may be.) */
export const tagMap = (want: string, key: v.GenericSchema, value: v.GenericSchema) =>
  v.pipe(
    v.custom<Texts>(isObject, want),
    rule<Texts>((tags, tell) => {
      if (!isObject(tags)) return;
      for (const [name, one] of Object.entries(tags)) {
        const [wrongKey] = v.safeParse(key, name).issues ?? [];
        const [wrongValue] = v.safeParse(value, one).issues ?? [];
        if (wrongKey) tell([name], name, wrongKey.message);
        if (wrongValue) tell([name], wrongValue.input, wrongValue.message);
      }
    }),
  );

/** Text that suits every service; what does not is named. */
const everywhere = (want: string) =>
  v.regex(EVERYWHERE, ({ input }) => {
    const odd = new Set([...input].filter((char) => !EVERYWHERE.test(char)));
    return `${want}: not every service takes ${[...odd].map((char) => JSON.stringify(char)).join(", ")}`;
  });

const EVERYWHERE_KEY = `a key of 1 to ${KEY_MAX} ${LETTERS}`;
const EVERYWHERE_VALUE = `text of at most ${VALUE_MAX} ${LETTERS}`;
const everywhereKey = text(
  EVERYWHERE_KEY,
  v.nonEmpty(),
  v.maxLength(KEY_MAX),
  everywhere(EVERYWHERE_KEY),
  v.check(isFree, `a key that does not start with aws: or ${TAG_PREFIX}, which are taken`),
);
const everywhereValue = text(EVERYWHERE_VALUE, v.maxLength(VALUE_MAX), everywhere(EVERYWHERE_VALUE));

/** The tags that are put on all that is made. */
export const Tags = v.pipe(
  tagMap("tag keys with their values", everywhereKey, everywhereValue),
  rule<Texts>((tags, tell) => {
    const count = isObject(tags) ? Object.keys(tags).length : 0;
    if (count > ROOM) tell([], count, `at most ${ROOM} tags, since AWS allows 50 with ours`);
  }),
);

/** The tag that keeps a snapshot for ever, by its usual name, is none of what many have in common. */
export const withoutKeeping = rule<Texts>((tags, tell) => {
  const { keepForever } = TAG_NAMES;
  if (isObject(tags) && Object.hasOwn(tags, keepForever)) tell([keepForever], keepForever, KEEPS_ALL);
});

const KEEP_FOREVER = `a tag key of 1 to ${KEY_MAX} ${LETTERS}, ${TAKEN_WANT}`;
/** It stands in a condition of IAM too. */
const keepForever = text(KEEP_FOREVER, v.nonEmpty(), v.maxLength(KEY_MAX), everywhere(KEEP_FOREVER), v.check(isFree));
/** A name, or that there is none. */
const nameOrOff = v.lazy(
  (input): v.GenericSchema<string | false> => (input === false ? v.literal(false) : freeKeyOr(", or false")),
);

/** What people's tags are called; one that is `false` is not heeded. */
export const TagNames = v.pipe(
  fields("tag keys for keepForever, backup, retention, crossRegion", {
    keepForever: v.exactOptional(
      v.pipe(keepForever, doc("text", "on a snapshot or backup, whatever its value: it is never deleted")),
      TAG_NAMES.keepForever,
    ),
    backup: v.exactOptional(
      v.pipe(
        nameOrOff,
        doc("text or `false`", "on a resource: `Yes` says that it wants points, `No` that no policy protects it"),
      ),
      TAG_NAMES.backup,
    ),
    retention: v.exactOptional(
      v.pipe(nameOrOff, doc("text or `false`", "on a resource: for how many days its points and copies stay")),
      TAG_NAMES.retention,
    ),
    crossRegion: v.exactOptional(
      v.pipe(nameOrOff, doc("text or `false`", "on a resource: the regions that its points are copied to")),
      TAG_NAMES.crossRegion,
    ),
  }),
  between((names, tell) => {
    const given = Object.entries(names).filter(([, key]) => key !== false);
    given.forEach(([one, key], i) => {
      const first = given.findIndex(([, other]) => other === key);
      if (first < i) tell([one], key, `a key of its own; tagNames.${given[first]?.[0]} has it`);
    });
  }),
  leaveOff("backup"),
  leaveOff("retention"),
  leaveOff("crossRegion"),
);
/** Keys of tags that people set and Lockstep heeds. */
export type TagNames = Plain<v.InferOutput<typeof TagNames>>;
