import type { EC2Client } from "@aws-sdk/client-ec2";
import type { Settings } from "../../core/model/model.js";
import { lookForOthers, makeLook } from "../../functions/adopt/look.js";
import { type TakingIn, takesIn } from "../../kinds/ebs/take-in.js";

/**
 * What the next run of a primary would make points of, of what others have made, by the code that the run goes by. Only reads; and
 * reads nothing where no policy takes in what others make.
 */
export async function takingIn(settings: Settings, ec2: (region: string) => EC2Client, now: number): Promise<TakingIn> {
  if (settings.role !== "primary" || !takesIn(settings)) return { taken: [], left: [], refused: [] };
  return lookForOthers(makeLook(ec2), settings, () => now);
}
