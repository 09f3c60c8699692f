import type { Approval } from "../../core/model/model.js";
import { type Item, numberIn, runKey, textIn, textsIn } from "./items.js";
import type { Table } from "./table.js";

const APPROVAL = "approval";
const DAY_S = 86_400;

/** An item has room for 400 KB (DynamoDB developer guide, "Quotas"); an id takes some 25 bytes. */
const ARTIFACTS_PER_ITEM = 5000;

/** Large approvals lie in several items; each says yes to what it names. */
function approvalItems(name: string, { region, artifacts, until }: Approval): [string, Item][] {
  const count = Math.ceil(artifacts.length / ARTIFACTS_PER_ITEM);
  return Array.from({ length: count }, (_, i) => {
    const part = artifacts.slice(i * ARTIFACTS_PER_ITEM, (i + 1) * ARTIFACTS_PER_ITEM);
    return [`${name}#${i}`, { region, artifacts: part, until, expiresAt: Math.ceil(until / 1000) + DAY_S }];
  });
}

/** Keeps a person's yes to what has this name (core/planner/guard.ts). */
export async function writeApproval(table: Table, name: string, approval: Approval): Promise<void> {
  for (const [sk, item] of approvalItems(name, approval)) await table.put({ pk: APPROVAL, sk }, item);
}

/** All that people said yes to. */
export async function readApprovals(table: Table): Promise<Approval[]> {
  return (await table.list(APPROVAL)).map((item) => ({
    region: textIn(item, "region"),
    artifacts: textsIn(item, "artifacts"),
    until: numberIn(item, "until"),
  }));
}

/** What a run held back, by the names that approve it. */
export async function heldIn(table: Table, runId: string): Promise<readonly string[]> {
  return textsIn((await table.get(runKey(runId))) ?? {}, "approvals");
}
