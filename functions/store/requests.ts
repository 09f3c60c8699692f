import type { RunRequest } from "../../core/model/model.js";
import { type Item, type Key, numberIn } from "./items.js";
import type { Table } from "./table.js";

const KEPT_S = 7 * 86_400;

export const requestKey = (request: RunRequest): Key => ({
  pk: "request",
  sk: `${new Date(request.at).toISOString()}#${request.policy ?? "*"}`,
});

export const requestItem = (request: RunRequest): Item => ({
  ...request,
  expiresAt: Math.ceil(request.at / 1000) + KEPT_S,
});

export function requestOf(item: Item): RunRequest {
  const { policy, resources } = item;
  return {
    at: numberIn(item, "at"),
    ...(typeof policy === "string" && { policy }),
    // Array.isArray does not narrow a readonly array.
    ...(Array.isArray(resources) && { resources: resources as readonly string[] }),
  };
}

/** A request that is served, or that nothing came of for long. */
export async function forget(table: Table, request: RunRequest): Promise<void> {
  await table.delete(requestKey(request));
}
