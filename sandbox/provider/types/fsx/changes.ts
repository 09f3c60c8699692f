import type { FileSystemType } from "@aws-sdk/client-fsx";
import { toTagList } from "../../calls/tags.js";
import type { Context } from "../../resource/resource.js";
import type { Values } from "../../resource/schema.js";
import { type Change, type COMMON, change, setTags } from "./file-system.js";

type Common = Values<typeof COMMON>;

/** The part of a configuration whose properties changed. */
type Only = <C extends object>(own: C) => Partial<C>;

/**
 * The update of a type: `inPlace` is what UpdateFileSystem changes, each told only where it is another, and `asked` puts it
 * into the section of the type. A property has the name of AWS's but for its first letter.
 */
export const updating =
  <Inputs extends Pick<Common, "storageCapacity" | "tagsAll">>(
    type: FileSystemType,
    inPlace: readonly (string & keyof Inputs)[],
    asked: (next: Inputs, only: Only) => Change,
  ) =>
  async (context: Context, id: string, next: Inputs, prior: Inputs, changed: ReadonlySet<string>): Promise<void> => {
    const told = inPlace.filter((property) => changed.has(property));
    if (told.length > 0) {
      const StorageCapacity = changed.has("storageCapacity") ? next.storageCapacity : undefined;
      await change(context, id, type, { StorageCapacity, ...asked(next, onlyOf(told)) });
    }
    if (changed.has("tagsAll")) await setTags(context, id, next.tagsAll, prior.tagsAll);
  };

function onlyOf(properties: readonly string[]): Only {
  const names = new Set(properties.map((property) => `${property.charAt(0).toUpperCase()}${property.slice(1)}`));
  return <C extends object>(own: C) =>
    // Some of its own entries: fromEntries forgets their types.
    Object.fromEntries(Object.entries(own).filter(([name]) => names.has(name))) as Partial<C>;
}

/** What DeleteFileSystem is told of the last backup, by any type. */
export const finalBackup = (state: Pick<Common, "finalBackupTags"> & { readonly skipFinalBackup: boolean }) => ({
  SkipFinalBackup: state.skipFinalBackup,
  FinalBackupTags: state.finalBackupTags && toTagList(state.finalBackupTags),
});
