import * as v from "valibot";
import { fields, isObject, type Plain } from "./fields.js";
import { once } from "./rules.js";
import { keyPattern } from "./select.js";
import { freeKey, TAGS_MAX } from "./tags.js";

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

/** Which of a member's own tags its artifacts get: all, those with these keys, or those whose keys patterns take. */
export const CopyTags = v.lazy(
  (input): v.GenericSchema<unknown, boolean | string[] | v.InferOutput<typeof CopyTagsFilter>> => {
    if (typeof input === "boolean") return v.boolean();
    return isObject(input) ? CopyTagsFilter : keys;
  },
);
/** What is copied where something is. */
export type CopyTags = true | Plain<string[] | CopyTagsFilter>;
