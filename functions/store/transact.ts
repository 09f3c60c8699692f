import { type DynamoDBClient, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { type Change, type Condition, conditionOf, updateOf } from "./expression.js";
import type { Item, Key } from "./items.js";

/** Puts an item, or changes one. */
export type Write = { readonly key: Key; readonly when?: Condition } & (
  | { readonly item: Item }
  | { readonly change: Change }
);

/**
 * All writes or none; at most 100, each of another item. False where one is refused: by its condition, or because another
 * transaction is at one of the items, or the table is throttled. Then nothing was written, and which one it was is not told.
 */
export type Transact = (writes: readonly Write[]) => Promise<boolean>;

export function dynamoTransact(dynamo: DynamoDBClient, table: string): Transact {
  const client = DynamoDBDocumentClient.from(dynamo);
  return async (writes) => {
    const TransactItems = writes.map(({ key, when, ...write }) =>
      "item" in write
        ? { Put: { TableName: table, Item: { ...write.item, ...key }, ...conditionOf(when) } }
        : { Update: { TableName: table, Key: { ...key }, ...updateOf(write.change, when) } },
    );
    try {
      // The SDK gives each call a token, so that its own retry of one is not refused by what the first try wrote.
      await client.send(new TransactWriteCommand({ TransactItems }));
      return true;
    } catch (error) {
      if (error instanceof TransactionCanceledException) return false;
      throw error;
    }
  };
}
