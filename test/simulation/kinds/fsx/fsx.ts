import { TAG } from "../../../../core/names/tags.js";
import { awsError, refused } from "../../../cloud/errors.js";
import type { CopyRequest, SetRequest } from "../../../cloud/requests.js";
import { type Account, type Recording, Shelf } from "../../../cloud/shelf.js";
import { isCopying } from "../../../cloud/snap.js";
import { MINUTE } from "../../scenario.js";
import type { Snap } from "../../world/snap.js";
import type { Service } from "../kind.js";
import { natureOf, unitOf } from "./natures.js";

export const NOT_FOUND = "BackupNotFound";
const QUOTA_REACHED = "ServiceLimitExceeded";

const COPIES_MAX = 5;
/** User-initiated backups of a type in a region; of ONTAP there may be more. */
const BACKUPS_MAX = { WINDOWS: 500, LUSTRE: 500, OPENZFS: 500, ONTAP: 10_000 } as const;
/** "Briefly" after a copy its source cannot be deleted; AWS does not say how long. */
const RELEASED_AFTER = 15 * MINUTE;

const limitExceeded = (Limit: string): Error =>
  Object.assign(awsError(QUOTA_REACHED, `${Limit} is reached`, 400), { Limit });

/** FSx's backups in memory: hours long, one in progress of a unit, five copies into a region, quotas, tokens. */
export class Fsx extends Shelf<Snap> implements Service {
  readonly #tokens = new Map<string, { readonly snap: Snap; readonly parameters: string }>();

  constructor(account: Account, record: Recording<Snap>) {
    super(account, record, { prefix: "backup", copiesMax: COPIES_MAX, notFound: NOT_FOUND });
  }

  create(region: string, { resource, tags, token = "" }: SetRequest): readonly Snap[] {
    const unit = unitOf(resource);
    const parameters = JSON.stringify([unit, tags]);
    const asked = this.#ask(`create ${token}`, parameters, tags);
    if (asked.before !== undefined) return [asked.before];
    const disks = this.account.disks(region, resource);
    if (disks === undefined) throw refused("FileSystemNotFound", `${unit} does not exist`);
    if (natureOf(unit).never === "create") throw refused("UnsupportedOperation", `there are no backups of ${unit}`);
    const isBusy = [...this.in(region).values()].some(
      (one) => one.volume === unit && one.state === "pending" && !isCopying(one),
    );
    if (isBusy) throw refused("BackupInProgress", `a backup of ${unit} is in progress`);
    this.#checkQuota(region, unit);
    const made = this.make(region, disks, { tags });
    this.#remember(asked.token, made[0], parameters);
    return made;
  }

  override copy(region: string, request: CopyRequest): Snap {
    const { from, snapshot, tags, token = "" } = request;
    const parameters = JSON.stringify([from, snapshot, tags]);
    const asked = this.#ask(`copy ${region} ${token}`, parameters, tags);
    if (asked.before !== undefined) return asked.before;
    const source = this.find(from, snapshot);
    if (natureOf(source.volume).never === "copy")
      throw refused("UnsupportedOperation", `backups of ${source.volume} cannot be copied`);
    if (source.state !== "completed") throw refused("SourceBackupUnavailable", `${snapshot} is not AVAILABLE`);
    if (this.copiesIn(region) >= COPIES_MAX) throw limitExceeded("TOTAL_IN_PROGRESS_COPY_BACKUPS");
    this.#checkQuota(region, source.volume);
    const made = super.copy(region, request);
    this.#remember(asked.token, made, parameters);
    return made;
  }

  delete(region: string, id: string): Snap {
    const backup = this.find(region, id);
    if (backup.state === "pending") throw refused("BackupInProgress", `${id} is in progress`);
    for (const where of this.regions()) {
      for (const { source, state, endedAt = 0 } of this.in(where).values())
        if (source === backup && (state === "pending" || endedAt > this.account.now() - RELEASED_AFTER))
          throw refused("BackupBeingCopied", `${id} is being copied`);
    }
    return this.remove(region, id);
  }

  /** User-initiated ones of the type, whoever made them: copies and AWS Backup's too. */
  #checkQuota(region: string, unit: string): void {
    const { type } = natureOf(unit);
    const most = BACKUPS_MAX[type];
    const used = [...this.in(region).values()].filter(({ volume }) => natureOf(volume).type === type).length;
    if (used + Math.floor((this.account.filled?.(region) ?? 0) * most) >= most)
      throw limitExceeded("TOTAL_USER_INITIATED_BACKUPS");
  }

  /**
   * What a token made before; of what has lost its tags since, Lockstep asks with the next token, as kinds/fsx/aws/fresh.ts does: made of
   * its id.
   */
  #ask(token: string, parameters: string, tags: Snap["tags"]): { readonly token: string; readonly before?: Snap } {
    const before = this.#madeBefore(token, parameters);
    if (before === undefined) return { token };
    const isOurs = [TAG.deployment, TAG.point].every((key) => before.tags[key] === tags[key]);
    return isOurs ? { token, before } : this.#ask(`${token} ${before.id}`, parameters, tags);
  }

  /** "If a backup with the specified client request token exists": one that was deleted does not. */
  #madeBefore(token: string, parameters: string): Snap | undefined {
    const made = this.#tokens.get(token);
    if (made === undefined || made.snap.deletedAt !== undefined) return undefined;
    if (made.parameters !== parameters)
      throw refused("IncompatibleParameterError", "the token was used with other parameters");
    return made.snap;
  }

  #remember(token: string, snap: Snap | undefined, parameters: string): void {
    if (snap !== undefined) this.#tokens.set(token, { snap, parameters });
  }
}
