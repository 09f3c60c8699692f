import type { Backend } from "./backend.js";
import { ebsBackend } from "./ebs/aws/backend.js";
import { creatingEc2, readingEc2 } from "./ebs/aws/clients.js";
import { fsxBackend } from "./fsx/aws/backend.js";
import { ec2In, fsxIn } from "./fsx/aws/clients.js";
import type { Kind } from "./rules.js";

/** What the clients of the SDK are made with beside their region. */
type ClientConfig = NonNullable<Parameters<typeof readingEc2>[1]>;

/** The backends of all kinds, whose changes go to one region. */
export const backendsIn = (region: string, config: (region: string) => ClientConfig = () => ({})) =>
  ({
    ebs: ebsBackend({
      region,
      reading: (where) => readingEc2(where, config(where)),
      creating: creatingEc2(region, config(region)),
    }),
    fsx: fsxBackend({
      region,
      client: (where) => fsxIn(where, config(where)),
      ec2: (where) => ec2In(where, config(where)),
      now: Date.now,
    }),
  }) satisfies Readonly<Record<Kind, Backend>>;
