import type { EC2Client } from "@aws-sdk/client-ec2";
import type { Table } from "../../../functions/store/table.js";
import type { Habits } from "../edges/functions.js";
import type { TroubleKind } from "../scenario.js";

/** A mistake planted into what surrounds the planner: lease, claims, look-up, calls, alerts. */
export interface EdgeMistake {
  readonly name: string;
  readonly breaks: RegExp;
  /** A seed that shows it. */
  readonly seed: number;
  readonly habits: Habits;
  /** The troubles that it takes, where they seldom meet else. */
  readonly only?: readonly TroubleKind[];
}

type Sent = { readonly constructor: { readonly name: string } };

/** The same client, whose calls go another way. */
function sending(
  client: EC2Client,
  how: (command: Sent, send: (command: Sent) => Promise<unknown>) => Promise<unknown>,
) {
  const plain = client.send.bind(client) as unknown as (command: Sent) => Promise<unknown>;
  return Object.assign(Object.create(client) as EC2Client, { send: (command: Sent) => how(command, plain) });
}

const hasFailed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

/** Where the answer is lost, the call is simply made again. */
const asksAgain: Habits["ec2"] = (client) =>
  sending(client, async (command, send) => {
    try {
      return await send(command);
    } catch (error) {
      const creates = /^(Create|Copy)Snapshot/.test(command.constructor.name);
      if (!creates || !hasFailed(error, "TimeoutError")) throw error;
      return send(command);
    }
  });

/** A page that fails is a page without anything. */
const skipsPages: Habits["ec2"] = (client, fn) =>
  sending(client, async (command, send) => {
    try {
      return await send(command);
    } catch (error) {
      const isPage = fn === "survey" && command.constructor.name.startsWith("Describe");
      if (!isPage || hasFailed(error, "Killed")) throw error;
      return { Snapshots: [], Images: [], Reservations: [], Volumes: [] };
    }
  });

const forgetsAlerts = (table: Table): Table => ({
  ...table,
  put: (key, item, when) => table.put(key, item, key.pk === "alert" ? undefined : when),
  get: async (key) => (key.pk === "alert" ? undefined : table.get(key)),
});

/** Nobody is told of some causes. */
const silentOf =
  (...causes: readonly string[]): NonNullable<Habits["publish"]> =>
  (message) =>
    causes.includes(message.attributes["cause"] ?? "") ? undefined : message;

export const EDGE_MISTAKES: readonly EdgeMistake[] = [
  {
    name: "C-X10: two runs act at once",
    breaks: /^4 lease/,
    seed: 1,
    habits: { lease: (lease) => ({ ...lease, acquire: async () => true, extend: async () => undefined }) },
  },
  {
    name: "a claim lapses with its run, before AWS shows what it made",
    breaks: /^4/,
    seed: 1,
    habits: { claims: (claims) => ({ ...claims, take: async () => true, takeAll: async () => true }) },
  },
  {
    name: "A-X8 B-X15 E-X6: what is repeated is neither claimed nor looked up",
    breaks: /^4/,
    seed: 1,
    habits: {
      claims: (claims) => ({ ...claims, take: async () => true, takeAll: async () => true }),
      find: () => async (makes) => makes.map(() => ({ alive: [], failed: [] })),
    },
  },
  {
    name: "A-X8: a call whose answer was lost is made again",
    breaks: /^4/,
    seed: 7,
    only: ["lost-answer"],
    habits: { ec2: asksAgain },
  },
  {
    name: "E-X11: a page that fails is an empty page",
    breaks: /^3 unknown/,
    seed: 8,
    only: ["failed-pages"],
    habits: { ec2: skipsPages },
  },
  {
    name: "A-X25 C-X7 E-X16: nobody is told of what failed",
    breaks: /^5 told once/,
    seed: 2,
    only: ["breaks"],
    habits: { publish: () => undefined },
  },
  {
    name: "nobody is told of what is no more before its last point goes",
    breaks: /^5 end not told|^1 newest/,
    seed: 8,
    habits: { publish: silentOf("resource-gone") },
  },
  {
    name: "nobody is told of what hangs",
    breaks: /^5 told once/,
    seed: 6,
    only: ["hang"],
    habits: { publish: silentOf("point-hangs", "copy-hangs") },
  },
  {
    name: "nobody is told of what is overdue",
    breaks: /^5 told once/,
    seed: 6,
    only: ["breaks", "hang"],
    habits: { publish: silentOf("point-overdue") },
  },
  {
    name: "nobody is told of a tag that cannot be heeded",
    breaks: /^5 told once/,
    seed: 1,
    only: ["override"],
    habits: { publish: silentOf("bad-tag") },
  },
  {
    name: "C-X11: the same trouble is told of each time",
    breaks: /^5 told once/,
    seed: 1,
    habits: { table: forgetsAlerts },
  },
];
