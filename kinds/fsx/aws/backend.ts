import type { EC2Client } from "@aws-sdk/client-ec2";
import type { FSxClient } from "@aws-sdk/client-fsx";
import pMap from "p-map";
import type { Answer, Backend, Context, Task } from "../../backend.js";
import { makeCopying } from "./copy.js";
import { makeCreating } from "./create.js";
import { makeDeleting } from "./delete.js";
import { makeFind } from "./find.js";
import { fsxImporter } from "./import.js";
import { readRegion } from "./list.js";
import { makeVerifying } from "./verify.js";

/** Calls at a time; the SDK's token bucket slows them down when AWS throttles. */
const CONCURRENCY = 5;

export interface FsxEdges {
  /** Where it changes something. */
  readonly region: string;
  readonly client: (region: string) => FSxClient;
  /** For what FSx does not tell of its file systems. */
  readonly ec2: (region: string) => EC2Client;
  readonly now: () => number;
}

/** FSx's file systems and ONTAP volumes, and their backups. */
export function fsxBackend({ region, client, ec2, now }: FsxEdges): Backend {
  const own = client(region);
  const create = makeCreating(own, now);
  const remove = makeDeleting(own);
  const verify = makeVerifying(own);
  return {
    list: (where, look) => readRegion({ fsx: client(where), ec2: ec2(where) }, where, look),
    find: makeFind(own, region),
    importer: fsxImporter(own),
    do(tasks, context) {
      const copy = makeCopying(own, now);
      return pMap(tasks, (task) => one(task, context), { concurrency: CONCURRENCY });

      async function one(task: Task, of: Context): Promise<Answer> {
        switch (task.do) {
          case "create":
            return create(task, of);
          case "copy":
            return copy(task, of);
          case "delete":
            return remove(task);
          case "verify":
            return verify(task);
          case "finalize":
            return { is: "kept", why: { message: "FSx backups are whole as they are made" } };
        }
      }
    },
  };
}
