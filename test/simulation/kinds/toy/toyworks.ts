import { refused } from "../../../cloud/errors.js";
import type { SetRequest } from "../../../cloud/requests.js";
import { type Account, type Recording, Shelf } from "../../../cloud/shelf.js";
import { isCopying } from "../../../cloud/snap.js";
import type { Snap } from "../../world/snap.js";
import type { Service } from "../kind.js";

export const NOT_FOUND = "CastNotFound";

/** Toyworks in memory: one cast of a mould at a time, one copy at a time into a region. */
export class Toyworks extends Shelf<Snap> implements Service {
  constructor(account: Account, record: Recording<Snap>) {
    super(account, record, { prefix: "cast", copiesMax: 1, notFound: NOT_FOUND });
  }

  create(region: string, { resource, tags }: SetRequest): readonly Snap[] {
    const moulds = this.account.disks(region, resource);
    if (moulds === undefined) throw refused("MouldNotFound", `${resource} does not exist`);
    if (this.account.isFull?.(region)) throw refused("ShelfFull", "no cast has room any more");
    const isBusy = [...this.in(region).values()].some(
      (cast) => cast.volume === resource && cast.state === "pending" && !isCopying(cast),
    );
    if (isBusy) throw refused("MouldBusy", `a cast of ${resource} is being made`);
    return this.make(region, moulds, { tags });
  }

  delete(region: string, id: string): Snap {
    return this.remove(region, id);
  }
}
