import { TAGS_MAX } from "../core/config/tags.js";
import { pointId } from "../core/names/identity.js";
import { TAG } from "../core/names/tags.js";
import type { Imported } from "./importer.js";

/** An artifact of others that may become a point. */
export interface Candidate {
  readonly artifact: string;
  readonly member: string;
  readonly resource: string;
  /** What the tag `lockstep:kind` will say. */
  readonly kind: string;
  readonly startTime: number;
  /** Those that it has. */
  readonly tags: Readonly<Record<string, string>>;
  /** Who else deletes it when its time has come. */
  readonly managedBy?: string | undefined;
}

/** Tags of AWS's own do not count (EC2 user guide, "Tag restrictions"). */
const countOf = (tags: Candidate["tags"]): number => Object.keys(tags).filter((key) => !key.startsWith("aws:")).length;

/** Gives artifacts of others the tags that make them points of their resources. */
export class Identities {
  readonly #owner: { readonly deployment: string; readonly home: string };
  readonly #taken: Set<string>;

  /** `known`: all that may be points already, of which none gets the identity again. */
  constructor(
    owner: { readonly deployment: string; readonly home: string },
    known: readonly Pick<Candidate, "tags">[],
  ) {
    this.#owner = owner;
    this.#taken = new Set(known.flatMap(({ tags }) => tags[TAG.point] ?? []));
  }

  /** The artifact as a point of a policy, or why AWS would not take its tags. `recorded`: the rule that the point tells, if any. */
  give(candidate: Candidate, policy: string, recorded?: string): Imported | string {
    const { artifact, member, resource, kind, startTime, tags: before, managedBy } = candidate;
    const { deployment, home } = this.#owner;
    // Two of one resource and one moment are two points, since each may be restored from.
    let scheduled = startTime;
    const idAt = (): string => pointId({ policy, home, resource, scheduled });
    while (this.#taken.has(idAt())) scheduled += 1;
    const tags = {
      [TAG.deployment]: deployment,
      [TAG.policy]: policy,
      [TAG.resource]: resource,
      [TAG.kind]: kind,
      [TAG.home]: home,
      [TAG.point]: idAt(),
      [TAG.scheduled]: new Date(scheduled).toISOString(),
      [TAG.size]: "1",
      [TAG.level]: "crash",
      ...(recorded === undefined ? {} : { [TAG.retain]: recorded }),
    };
    const room = countOf(before) + Object.keys(tags).length <= TAGS_MAX;
    if (!room) return `its tags leave no room for ours: AWS allows ${TAGS_MAX}`;
    this.#taken.add(idAt());
    return { artifact, member, tags, ...(managedBy === undefined ? {} : { managedBy }) };
  }
}
