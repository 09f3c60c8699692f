import { type DynamoDBClient, TransactionCanceledException, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { compileCondition, compileUpdate, toAttributes } from "./expression.js";
import type { Change, Condition, Item, Key } from "./table.js";

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

export const dynamoTransact =
  (client: DynamoDBClient, table: string): Transact =>
  async (writes) => {
    const TransactItems = writes.map(({ key, when, ...write }) => {
      const Key = toAttributes({ ...key });
      return "item" in write
        ? { Put: { TableName: table, Item: { ...toAttributes(write.item), ...Key }, ...compileCondition(when) } }
        : { Update: { TableName: table, Key, ...compileUpdate(write.change, when) } };
    });
    try {
      // The SDK gives each call a token, so that its own retry of one is not refused by what the first try wrote.
      await client.send(new TransactWriteItemsCommand({ TransactItems }));
      return true;
    } catch (error) {
      if (error instanceof TransactionCanceledException) return false;
      throw error;
    }
  };
