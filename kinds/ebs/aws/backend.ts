import type { EC2Client } from "@aws-sdk/client-ec2";
import pMap from "p-map";
import type { Answer, Backend, Context, Task } from "../../backend.js";
import { makeCopying } from "./copy/copy.js";
import { makeCreating } from "./create/create.js";
import { makeDeleting } from "./delete.js";
import { makeFinalizing } from "./finalize.js";
import { makeFind } from "./find.js";
import { ebsImporter } from "./import.js";
import { readRegion } from "./list.js";
import { makePutLock, makePutTags } from "./puts.js";
import { makeVerifying } from "./verify.js";

/** Calls at a time; the SDK's token bucket slows them down when AWS throttles. */
const CONCURRENCY = 5;

export interface EbsEdges {
  /** Where it changes something. */
  readonly region: string;
  /** A client for what may be repeated. */
  readonly reading: (region: string) => EC2Client;
  /** One for calls that nobody may repeat. */
  readonly creating: EC2Client;
}

/** EC2's instances and volumes, and the snapshots of EBS. */
export function ebsBackend({ region, reading, creating }: EbsEdges): Backend {
  const own = reading(region);
  const putLock = makePutLock(own);
  const create = makeCreating({ ec2: creating, putLock });
  const finalize = makeFinalizing({ putLock, putTags: makePutTags(own) });
  const remove = makeDeleting(own);
  const verify = makeVerifying(own);
  return {
    list: (where, look) => readRegion(reading(where), where, look),
    find: makeFind(own, region),
    importer: ebsImporter(own),
    do(tasks, context) {
      const copy = makeCopying({ ec2: creating, putLock });
      return pMap(tasks, (task) => one(task, context), { concurrency: CONCURRENCY });

      function one(task: Task, of: Context): Promise<Answer> {
        switch (task.do) {
          case "create":
            return create(task, of);
          case "copy":
            return copy(task, of);
          case "finalize":
            return finalize(task);
          case "delete":
            return remove(task);
          case "verify":
            return verify(task);
        }
      }
    },
  };
}
