import type { EC2Client } from "@aws-sdk/client-ec2";
import type { Settings } from "../core/model.js";
import { type TakingIn, takeIn, watchedVolumes } from "../core/take-in.js";
import { makeLook } from "../functions/adopt/look.js";

/**
 * What the next run of a primary would make points of, of what others have made, by the code that the run goes by. Only reads; and
 * reads nothing where no policy takes in what others make.
 */
export async function takingIn(settings: Settings, ec2: (region: string) => EC2Client, now: number): Promise<TakingIn> {
  const takesIn = settings.role === "primary" && settings.policies.some(({ source }) => source === "any");
  if (!takesIn) return { taken: [], left: [], refused: [] };
  const look = makeLook(ec2);
  const watched = watchedVolumes(settings, await look.resources(settings));
  const snapshots = await look.snapshotsOf(settings.region, [...watched.keys()]);
  return takeIn({ settings, watched, snapshots, now });
}
