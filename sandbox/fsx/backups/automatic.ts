import type { Call } from "../call.js";

/** "Any existing automatic backups ... are also deleted" (API_DeleteFileSystem): what goes with a file system or volume. */
export const automaticOf = ({ store, region }: Call, unit: string): { readonly drop: string }[] =>
  store
    .backups(region)
    .filter((one) => one.unit === unit && one.type === "AUTOMATIC")
    .map(({ id }) => ({ drop: id }));
