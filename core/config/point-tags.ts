import * as v from "valibot";
import { mistakeIn, PLACEHOLDERS } from "../names/templates.js";
import { isObject } from "./fields.js";
import { rule } from "./rules.js";
import { freeKey, noControls, tagMap, VALUE_MAX } from "./tags.js";
import { text } from "./values.js";

const WANT = 'tag keys with templates, like { Source: "{instance-id} {iso-date}" }';

const template = text(
  `text of at most ${VALUE_MAX} characters`,
  v.maxLength(VALUE_MAX),
  v.rawCheck(({ dataset, addIssue }) => {
    const mistake = dataset.typed ? mistakeIn(dataset.value) : undefined;
    if (mistake === undefined) return;
    addIssue({ input: mistake, message: `one of ${PLACEHOLDERS.join(", ")} in braces; {{ and }} mean the braces` });
  }),
  noControls,
);

/** The tags that a policy writes on its points beside ours: by key what the value is made of. */
export const PointTags = v.pipe(
  tagMap(WANT, freeKey, template),
  rule((tags, tell) => {
    if (isObject(tags) && Object.keys(tags).length === 0) tell([], tags, WANT);
  }),
);
