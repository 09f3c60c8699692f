import type { KindStack } from "../../stack.js";
import {
  copyBackups,
  createBackups,
  deleteBackups,
  describe,
  describeInterfaces,
  readVolumeTags,
  tagExisting,
} from "./permissions.js";

/** What FSx needs deployed: a primary makes backups, a DR region copies them. */
export const fsxStack: KindStack = {
  statements: {
    // Both ends read what there is to protect: a DR region in its peer.
    survey: (site) => [describe("Backups", "FileSystems", "Volumes"), describeInterfaces, ...readVolumeTags(site)],
    make: (site) => [
      describe("Backups"),
      ...(site.settings.role === "primary" ? createBackups(site) : copyBackups(site)),
    ],
    delete: deleteBackups,
    adopt: tagExisting,
  },
  // FSx sends none: the tick sees its backups end.
  events: undefined,
  delaySeconds: () => 0,
  takesIn: () => false,
};
