import type { FunctionName } from "../../core/names/names.js";
import type { FunctionContext } from "../controller/function-context.js";
import { arnsOf } from "./arns.js";
import { ofKinds, seeWorkflows } from "./kind-permissions.js";
import {
  missObjects,
  notifyPeople,
  objects,
  readRefused,
  readSettings,
  startMachine,
  takeEvents,
  useTable,
  writeRefused,
} from "./permissions.js";
import type { Statement } from "./service-role.js";

/** The functions of a controller that change nothing but its own ledger. */
export type Controls = Readonly<Record<Exclude<FunctionName, "make" | "delete" | "adopt">, readonly Statement[]>>;

/** What each function of a controller may do, beside writing its own log. */
export const controlStatements = ({ site, ledger, topicArn, keyArn }: FunctionContext): Controls => ({
  // Lambda itself takes the events out of the queue, with this role; the key comes with the dead letters.
  trigger: [useTable(ledger, "GetItem", "PutItem", "UpdateItem"), startMachine(site), takeEvents(site)],
  survey: [
    ...ofKinds("survey", site),
    ...seeWorkflows(site),
    useTable(ledger, "GetItem", "UpdateItem", "Query"),
    readSettings(ledger),
    objects(ledger, "UseRuns", "runs", "PutObject"),
    readRefused(site, ledger),
    missObjects("MissObjects", [ledger.bucketArn, ...site.settings.peers.map(arnsOf(site).peerBucket)]),
  ],
  plan: [
    useTable(ledger, "UpdateItem"),
    objects(ledger, "UseRuns", "runs", "GetObject", "PutObject"),
    missObjects("MissObjects", [ledger.bucketArn]),
  ],
  record: [
    useTable(ledger, "GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"),
    objects(ledger, "UseRuns", "runs", "GetObject", "PutObject"),
    missObjects("MissObjects", [ledger.bucketArn]),
    writeRefused(ledger),
    ...notifyPeople(site, topicArn, keyArn),
  ],
});
