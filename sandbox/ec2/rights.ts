import type { Ec2Facts } from "../iam/services/ec2.js";
import { volumesOf } from "./instances/terminate.js";
import type { Store } from "./state/store.js";

/** What decisions on rights need to know of EC2. */
export const ec2Facts = (store: Store): Ec2Facts => ({
  find(region, id) {
    const found = store.find(id);
    if (!found || found.region !== region || ("deleted" in found && found.deleted)) return undefined;
    const key = found.kind === "snapshot" ? found.kmsKeyId : undefined;
    return { tags: found.tags, ...(key === undefined ? {} : { kmsKeyId: key }) };
  },
  volumesOf(region, id) {
    const instance = store.shelf(region).instances.get(id);
    return instance ? volumesOf(store, instance).map((volume) => volume.id) : [];
  },
  rootOf(region, id) {
    const instance = store.shelf(region).instances.get(id);
    const root = instance && volumesOf(store, instance).find((one) => one.attachment?.device === instance.rootDevice);
    return root?.id;
  },
});
