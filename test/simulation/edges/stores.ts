import type { Bucket } from "../../../functions/store/bucket.js";
import type { Table } from "../../../functions/store/table.js";
import type { Transact } from "../../../functions/store/transact.js";
import type { Invocation } from "./invocation.js";

/** A table as an invocation reaches it: each call takes time and may be struck. */
export const tableOf = (table: Table, invocation: Invocation): Table => ({
  get: (key) => invocation.call("asked", () => table.get(key)),
  list: (pk) => invocation.call("asked", () => table.list(pk)),
  put: (key, item, when) => invocation.call("again", () => table.put(key, item, when)),
  update: (key, change, when) => invocation.call("again", () => table.update(key, change, when)),
  delete: (key, when) => invocation.call("again", () => table.delete(key, when)),
});

export const transactOf =
  (table: { readonly transact: Transact }, invocation: Invocation): Transact =>
  (writes) =>
    invocation.call("again", () => table.transact(writes));

/** A bucket likewise; `reach` throws where it cannot be reached. */
export function bucketOf(bucket: Bucket, invocation: Invocation, reach: () => void = () => undefined): Bucket {
  const call = <T>(kind: "asked" | "again", work: () => Promise<T>): Promise<T> =>
    invocation.call(kind, () => {
      reach();
      return work();
    });
  return {
    read: (key) => call("asked", () => bucket.read(key)),
    write: (key, value) => call("again", () => bucket.write(key, value)),
    keys: (prefix) => call("asked", () => bucket.keys(prefix)),
    readLines: (key) => call("asked", () => bucket.readLines(key)),
    writeLines: (key, values) => call("again", () => bucket.writeLines(key, values)),
  };
}
