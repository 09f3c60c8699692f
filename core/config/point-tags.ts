import * as v from "valibot";
import { mistakeIn } from "../names/templates.js";
import { isObject } from "./fields.js";
import { type Kinds, placeholdersOf } from "./kinds.js";
import { rule } from "./rules.js";
import { freeKey, noControls, tagMap, VALUE_MAX } from "./tags.js";
import { text } from "./values.js";

const WANT = 'tag keys with templates, like { Source: "{instance-id} {iso-date}" }';

const templateOf = (known: readonly string[]) =>
  text(
    `text of at most ${VALUE_MAX} characters`,
    v.maxLength(VALUE_MAX),
    v.rawCheck(({ dataset, addIssue }) => {
      const mistake = dataset.typed ? mistakeIn(dataset.value, known) : undefined;
      if (mistake === undefined) return;
      addIssue({ input: mistake, message: `one of ${known.join(", ")} in braces; {{ and }} mean the braces` });
    }),
    noControls,
  );

/** The tags that a policy writes on its points beside ours: by key what the value is made of. */
export const pointTagsOf = (kinds: Kinds) =>
  v.pipe(
    tagMap(WANT, freeKey, templateOf(placeholdersOf(kinds))),
    rule((tags, tell) => {
      if (isObject(tags) && Object.keys(tags).length === 0) tell([], tags, WANT);
    }),
  );
