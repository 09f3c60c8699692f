import type * as sdk from "@aws-sdk/client-fsx";
import type { StorageVirtualMachine, Volume } from "../state/model.js";

/** Virtual machines and volumes of ONTAP are CREATED when they can be used (recorded). */
export function lifecycleOf(
  { goneAt, readyAt }: StorageVirtualMachine | Volume,
  now: number,
): sdk.StorageVirtualMachineLifecycle & sdk.VolumeLifecycle {
  if (goneAt !== undefined) return "DELETING";
  return now < readyAt ? "CREATING" : "CREATED";
}
