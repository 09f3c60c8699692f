import * as v from "valibot";
import { FUNCTIONS, names } from "../names/names.js";
import { MODES, ROLES } from "../names/role.js";
import { TAG_NAMES } from "../names/tags.js";
import { DURATION_WANT, parseDuration } from "../schedule/duration.js";
import { betweenSettings } from "./between.js";
import { doc } from "./doc.js";
import { fields, leaveOut, type Plain, renamed } from "./fields.js";
import { type Kinds, kindsOnDemand } from "./kinds.js";
import { isName, NAME_WANT, region } from "./place.js";
import { policyOf } from "./policy.js";
import { ConfigError, problemsOf } from "./problems.js";
import { quotasOf } from "./quotas.js";
import { RECORDED_MAX, recordedAt } from "./recorded.js";
import { durationFrom } from "./retain.js";
import { once } from "./rules.js";
import { ROOM, TAGS_MAX, TagNames, Tags } from "./tags.js";
import { number, text } from "./values.js";

/** Room for the part of an IAM role's name that tells its duty. */
const DUTY_MAX = 16;
/** The longest region names today, like ap-southeast-2: a deployment must fit in its peers too. */
const LONGEST_REGION = "ap-southeast-2";
const LAMBDA_MAX = 64;
const IAM_ROLE_MAX = 64;
const BUCKET_MAX = 63;
/** Prefixes that S3 reserves (S3 user guide, bucket naming rules); `xn--` cannot be a name here. */
const RESERVED = /^(sthree-|amzn-s3-demo-)/;

/** How long a deployment's name may be so that all names made of it fit their service's limit, in either role. */
function deploymentMax(): number {
  const rooms = ROLES.flatMap((role) => {
    const of = names("", role);
    return [
      ...FUNCTIONS.map((fn) => LAMBDA_MAX - of.lambda(fn).length),
      IAM_ROLE_MAX - of.iamRole(LONGEST_REGION, "x".repeat(DUTY_MAX)).length,
      BUCKET_MAX - of.bucket("0".repeat(12), LONGEST_REGION).length,
    ];
  });
  return Math.min(...rooms);
}

const deployment = text(
  `${NAME_WANT}, at most ${deploymentMax()} long`,
  isName,
  v.maxLength(deploymentMax()),
  v.check((name) => !RESERVED.test(`${name}-`)),
);

/** Shorter, and nobody may notice in time that something was untagged or terminated by a slip. */
const ORPHAN_AFTER_LEAST = "7d";

/** How many points may go at once in a region, beside those that their own rule lets go, unless the stack says otherwise. */
export const APPROVE_ABOVE = 1000;

/** A policy whose rule has room in a tag of each point. */
const recordable = (kinds: Kinds) =>
  v.pipe(
    policyOf(kinds),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed || recordedAt(dataset.value, "", "").length <= RECORDED_MAX) return;
      const { copy } = dataset.value;
      const path = { type: "object", origin: "value", input: { copy }, key: "copy", value: copy } as const;
      addIssue({ input: copy.length, message: "fewer regions: a tag has to name them all", path: [path] });
    }),
  );

/** The settings of a stack beside its policies. */
export const stackEntries = {
  deployment: v.exactOptional(
    v.pipe(
      deployment,
      doc(
        "text",
        `tells deployments in one account apart: first part of every name, value of the ownership tag; lower case letters, digits, single hyphens, at most ${deploymentMax()}`,
      ),
    ),
    "lockstep",
  ),
  role: v.pipe(v.picklist(ROLES, '"primary" or "dr"'), doc("text", "`primary`, `dr` or `workload`")),
  mode: v.exactOptional(
    v.pipe(
      v.picklist(MODES, '"act" or "plan"'),
      doc(
        "`act` or `plan`",
        "with `plan` the stack looks, plans, writes its ledger and alerts, and makes, copies and deletes nothing; its functions have no right to",
      ),
    ),
    "act",
  ),
  region: v.pipe(region, doc("text", "region of the stack")),
  peers: v.exactOptional(
    v.pipe(
      v.array(region, "a list of the other regions, like [us-west-2]"),
      once("each region once"),
      doc("list of regions", "a primary's DR regions; the regions a DR stack copies from (at least one)", "none"),
    ),
    [],
  ),
  tags: v.exactOptional(
    v.pipe(
      Tags,
      doc(
        "object",
        `tags on everything, recovery points too; at most ${ROOM}, since AWS allows ${TAGS_MAX} with ours`,
        "`ManagedBy: lockstep`",
      ),
    ),
    {},
  ),
  tagNames: v.exactOptional(
    v.pipe(
      TagNames,
      doc(
        "object",
        "what people's tags are called: `keepForever`, `backup`, `retention`, `crossRegion`; below",
        Object.values(TAG_NAMES)
          .map((name) => `\`${name}\``)
          .join(", "),
      ),
    ),
    {},
  ),
  orphanAfter: v.exactOptional(
    v.pipe(
      durationFrom(parseDuration(ORPHAN_AFTER_LEAST) ?? 0, `${DURATION_WANT}, at least ${ORPHAN_AFTER_LEAST}`),
      doc(
        "text",
        `how long what nobody protects any more keeps all that its rule keeps, like \`90d\`; at least \`${ORPHAN_AFTER_LEAST}\`; see retain`,
      ),
    ),
    "90d",
  ),
  approveAbove: v.exactOptional(
    v.pipe(
      number("a whole number of points from 0", v.safeInteger(), v.minValue(0)),
      doc(
        "whole number",
        "how many points may go at once in a region that the rule they were made under would keep; more wait for `lockstep approve` ([safety.md](safety.md#guard-rails))",
      ),
    ),
    APPROVE_ABOVE,
  ),
} as const;

const alsoKindsWant = (kinds: Kinds): string =>
  `a list of kinds that have points and no policy: ${kindsOnDemand(kinds).join(", ")}`;

export const settingsEntries = (kinds: Kinds) =>
  ({
    ...stackEntries,
    quotas: v.exactOptional(
      v.pipe(
        quotasOf(kinds),
        doc(
          "object",
          "what AWS raised, like `{ fsx: { windows: 1000 } }`: the number of artifacts that the account may have in a region; below",
          "AWS's own",
        ),
      ),
    ),
    alsoKinds: v.exactOptional(
      v.pipe(
        v.array(v.picklist(kindsOnDemand(kinds), alsoKindsWant(kinds)), alsoKindsWant(kinds)),
        once("each once"),
        doc(
          `list of ${kindsOnDemand(kinds)
            .map((kind) => `\`${kind}\``)
            .join(", ")}`,
          "kinds that no policy names any more, of which points are still to be looked after; below",
          "none",
        ),
      ),
    ),
    policies: v.pipe(
      v.array(recordable(kinds), "a list of policies"),
      doc("list of objects", "what to protect; below", "one: `Backup=daily` or `Backup=Yes`"),
    ),
  }) as const;

/** The settings of one stack: what its controller reads at the start of each run. */
function settingsOf(kinds: Kinds) {
  const entries = settingsEntries(kinds);
  return v.pipe(
    fields(`settings with ${Object.keys(entries).join(", ")}`, entries),
    betweenSettings(kinds),
    leaveOut("mode", "act"),
    renamed("orphanAfter", "orphanAfterMs"),
  );
}
export type Settings = Plain<v.InferOutput<ReturnType<typeof settingsOf>>>;

/**
 * Reads the settings of a stack, with the kinds that there are; throws one `ConfigError` with everything that is wrong. Nothing
 * is taken in part.
 */
export function readSettings(raw: unknown, kinds: Kinds): Settings {
  const result = v.safeParse(settingsOf(kinds), raw);
  if (result.success) return result.output;
  throw new ConfigError(problemsOf(result.issues));
}
