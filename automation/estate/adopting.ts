import { EC2Client } from "@aws-sdk/client-ec2";
import * as v from "valibot";
import { names } from "../../core/names/names.js";
import type { Adopted } from "../../kinds/ebs/adopt.js";
import { readSnapshots } from "../../kinds/ebs/aws/lists.js";
import type { SnapshotRecord } from "../../kinds/ebs/snapshots.js";
import { CommandProblem } from "../cli/outcome.js";
import type { ClientConfig } from "./client-config.js";
import { invoke } from "./invoke.js";

/** All snapshots of the account in a region, whoever made them. */
export async function allSnapshots(config: ClientConfig): Promise<readonly SnapshotRecord[]> {
  const client = new EC2Client({ ...config, retryMode: "adaptive" });
  return await readSnapshots()(client, new AbortController().signal);
}

/** A call takes at most a minute for them, of the five that it has. */
const AT_ONCE = 200;

const Answer = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ snapshots: v.array(v.object({ id: v.string(), cause: v.optional(v.string()) })) }),
);

/** Has the function that may do it write the tags. Answers with what AWS refused, by snapshot. */
export async function writeAdopted(
  deployment: string,
  adopted: readonly Adopted[],
  config: ClientConfig,
): Promise<ReadonlyMap<string, string>> {
  const adopt = names(deployment, "primary").lambda("adopt");
  const refused = new Map<string, string>();
  for (let start = 0; start < adopted.length; start += AT_ONCE) {
    const snapshots = adopted.slice(start, start + AT_ONCE).map(({ snapshot: id, tags }) => ({ id, tags }));
    const { failed, text } = await invoke(adopt, { snapshots }, config);
    const read = v.safeParse(Answer, text);
    if (failed || !read.success)
      throw new CommandProblem("failed", `${adopt} failed after ${start} snapshots: ${text}. Repeat it to go on.`);
    for (const { id, cause } of read.output.snapshots) if (cause !== undefined) refused.set(id, cause);
  }
  return refused;
}
