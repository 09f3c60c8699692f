import type { EC2Client } from "@aws-sdk/client-ec2";
import type { FSxClient } from "@aws-sdk/client-fsx";
import type { Action, Inventory, Point, Policy, Settings } from "../../../../core/model/model.js";
import { planAll } from "../../../../core/planner/planner.js";
import { surveyAll } from "../../../../functions/lib/survey.js";
import type { Answer, Backend, Context, Task } from "../../../../kinds/backend.js";
import { fsxBackend } from "../../../../kinds/fsx/aws/backend.js";
import { RULES } from "../../../../kinds/rules.js";
import type { FsxSettings } from "../../../../sandbox/fsx/plane.js";
import { clientIn } from "../../../cloud/client.js";
import { memoryLog } from "../../../functions/fakes.js";
import { EAST, type FsxHarness, startFsx, WEST } from "../../../sandbox/fsx/harness.js";
import { BY_DEFAULT } from "../../../support/settings.js";

export const HOME = EAST;
export const DR = WEST;

export const TAGS = [{ Key: "Backup", Value: "hourly" }];

const policy: Policy = {
  name: "hourly",
  select: { key: "Backup", value: "hourly" },
  kinds: ["fsx", "ontap-volume"],
  schedule: "rate(1 hour)",
  retain: { count: 1 },
  copy: [{ region: DR, retain: { count: 1 } }],
};

export const settings = (role: "primary" | "dr", schedule = "rate(1 hour)"): Settings => ({
  ...{ deployment: "prod", role, tags: {}, ...BY_DEFAULT, policies: [{ ...policy, schedule }] },
  ...(role === "primary" ? { region: HOME, peers: [DR] } : { region: DR, peers: [HOME] }),
});

/** The one that is there. */
export function only<T>(list: readonly T[]): T {
  const [one, ...more] = list;
  if (one === undefined || more.length > 0) throw new Error(`${list.length} where one is wanted`);
  return one;
}

interface Sent {
  readonly region: string;
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** FSx of the sandbox behind the SDK's own clients, as a stack's backend has it, with a clock that the test moves. */
export interface Estate extends Pick<FsxHarness, "advance" | "now" | "endings" | "fileSystem" | "plane" | "client"> {
  /** Calls that the backend made. */
  readonly sent: Sent[];
  /** What calls of an action answer with instead. */
  readonly faults: Map<string, Error>;
  /** Actions that are carried out, and whose answer is lost. */
  readonly losing: Set<string>;
  backend(role: "primary" | "dr"): Backend;
  backendIn(region: string): Backend;
  look(role: "primary" | "dr"): Promise<Inventory>;
  /** What a stack plans for its own region. */
  plan<D extends Action["do"]>(role: "primary" | "dr", verb: D): Promise<Extract<Action, { do: D }>[]>;
  do(role: "primary" | "dr", tasks: readonly Task[], more?: Partial<Context>): Promise<readonly Answer[]>;
  /** Points of a region. */
  pointsIn(region: string): Promise<readonly Point[]>;
  /** Makes a new file system with a point at home that is whole. @returns its backup */
  withPoint(): Promise<string>;
  /** What the calls that change something were, since the last time. */
  changes(): string[];
  stop(): Promise<void>;
}

export async function startEstate(more: Partial<FsxSettings> = {}): Promise<Estate> {
  const harness = await startFsx(more);
  const sent: Sent[] = [];
  const faults = new Map<string, Error>();
  const losing = new Set<string>();
  const clients = new Map<string, FSxClient>();
  const fsxIn = (region: string): FSxClient => {
    const client = clients.get(region) ?? heard(harness.client(region), region, { sent, faults, losing });
    clients.set(region, client);
    return client;
  };
  const backendIn = (region: string): Backend =>
    fsxBackend({ region, client: fsxIn, ec2: withoutInterfaces, now: harness.now });
  const backend = (role: "primary" | "dr"): Backend => backendIn(settings(role).region);
  const look = async (role: "primary" | "dr"): Promise<Inventory> => {
    const [inventory] = await surveyAll({
      ...{ backends: { fsx: backend(role) }, settings: settings(role), requests: [], now: harness.now(), rules: RULES },
    });
    if (inventory === undefined) throw new Error("nothing was surveyed");
    return inventory;
  };
  const estate: Estate = {
    ...harness,
    get plane() {
      return harness.plane;
    },
    pointsIn: async (region) => {
      const view = (await look(region === HOME ? "primary" : "dr")).regions[region];
      return view?.complete ? view.points : [];
    },
    withPoint: async () => {
      await harness.fileSystem("OPENZFS", { Tags: TAGS });
      const answer = only(await estate.do("primary", await estate.plan("primary", "create")));
      harness.advance(harness.plane.settings.backupMillis);
      estate.changes();
      return only(answer.is === "done" ? answer.artifacts : []);
    },
    sent,
    faults,
    losing,
    backend,
    backendIn,
    look,
    plan: async (role, verb) => {
      const { region } = settings(role);
      const actions = planAll([await look(role)], RULES);
      // What it does was looked at.
      return actions.filter((one) => one.do === verb && one.region === region) as Extract<
        Action,
        { do: typeof verb }
      >[];
    },
    do: (role, tasks, of = {}) => {
      const never = (): never => {
        throw new Error("FSx has no workflows");
      };
      const context = { runId: "run", settings: settings(role), log: memoryLog(), manifestOf: async () => undefined };
      return backend(role).do(tasks, { ...context, begin: never, beginDelete: never, ...of });
    },
    changes: () =>
      sent
        .splice(0)
        .filter(({ action }) => !action.startsWith("Describe"))
        .map(({ action, region }) => `${action} ${region}`),
  };
  return estate;
}

/** EC2, which knows of no network interfaces. */
const withoutInterfaces = (region: string): EC2Client => clientIn(region, async () => ({ NetworkInterfaces: [] }));

type Heard = Pick<Estate, "sent" | "faults" | "losing">;

function heard(client: FSxClient, region: string, { sent, faults, losing }: Heard): FSxClient {
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        const action = commandName.replace("Command", "");
        // Paginators change theirs from page to page.
        sent.push({ region, action, input: { ...args.input } });
        const fault = faults.get(action);
        if (fault !== undefined) throw fault;
        const answer = await next(args);
        if (losing.has(action)) throw new Error("socket hang up");
        return answer;
      },
    { step: "initialize", name: "heard" },
  );
  return client;
}
