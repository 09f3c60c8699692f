import { ConditionalCheckFailedException, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { type Change, type Condition, conditionOf, updateOf } from "./expression.js";
import { type Item, itemOf, type Key } from "./items.js";

/** The ledger's table. Every write is atomic; one with a condition says whether it happened. */
export interface Table {
  /** Strongly consistent. */
  get(key: Key): Promise<Item | undefined>;
  /** Every item of a partition, in the order of `sk`. Strongly consistent. */
  list(pk: string): Promise<Item[]>;
  put(key: Key, item: Item, when?: Condition): Promise<boolean>;
  /** The whole item after the change, or nothing when the condition was false. */
  update(key: Key, change: Change, when?: Condition): Promise<Item | undefined>;
  delete(key: Key, when?: Condition): Promise<boolean>;
}

/** A refused condition is an answer, everything else is an error. */
async function orRefused<T>(write: Promise<T>): Promise<T | undefined> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

export function dynamoTable(dynamo: DynamoDBClient, table: string): Table {
  const client = DynamoDBDocumentClient.from(dynamo);
  return {
    async get(key) {
      const command = new GetCommand({ TableName: table, Key: { ...key }, ConsistentRead: true });
      const { Item: found } = await client.send(command);
      return found && itemOf(found);
    },
    async list(pk) {
      const pages = paginateQuery(
        { client },
        {
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: { ":pk": pk },
        },
      );
      return (await Array.fromAsync(pages)).flatMap(({ Items = [] }) => Items.map(itemOf));
    },
    async put(key, item, when) {
      const command = new PutCommand({ TableName: table, Item: { ...item, ...key }, ...conditionOf(when) });
      return (await orRefused(client.send(command))) !== undefined;
    },
    async update(key, change, when) {
      const command = new UpdateCommand({
        TableName: table,
        Key: { ...key },
        ReturnValues: "ALL_NEW",
        ...updateOf(change, when),
      });
      const result = await orRefused(client.send(command));
      return result && itemOf(result.Attributes ?? {});
    },
    async delete(key, when) {
      const command = new DeleteCommand({ TableName: table, Key: { ...key }, ...conditionOf(when) });
      return (await orRefused(client.send(command))) !== undefined;
    },
  };
}
