import type { Copy, Settings } from "../../core/model/model.js";
import { copyTags } from "../../core/model/point-tags.js";
import { TAG } from "../../core/names/tags.js";
import { artifactDetail } from "./details.js";

/** The tags of one copied snapshot: AWS gives a copy an arbitrary volume id (API reference, CopySnapshot), and knows no device of it. */
export const copiedTags = (owner: Pick<Settings, "deployment" | "tags">, copy: Copy): Record<string, string> => ({
  ...copyTags(owner, copy),
  [TAG.device]: artifactDetail(copy.artifact).device,
});
