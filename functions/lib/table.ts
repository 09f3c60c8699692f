import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { compileCondition, compileUpdate, fromAttributes, toAttributes } from "./expression.js";

export type Value = string | number | boolean | readonly string[] | Readonly<Record<string, number>>;
export type Item = Readonly<Record<string, Value>>;
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** A comparison with an attribute that is absent is false, as in DynamoDB. */
export type Clause =
  | { readonly attribute: string; readonly is: "absent" }
  | { readonly attribute: string; readonly is: "=" | "<"; readonly value: string | number };

/** True when all clauses of any group are. */
export type Condition = readonly (readonly Clause[])[];

export interface Change {
  readonly set?: Item;
  readonly add?: Readonly<Record<string, number>>;
  readonly remove?: readonly string[];
}

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

const keyOf = (key: Key): Record<string, AttributeValue> => ({ pk: { S: key.pk }, sk: { S: key.sk } });

/** A refused condition is an answer, everything else is an error. */
async function orRefused<T>(write: Promise<T>): Promise<T | undefined> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

export function dynamoTable(client: DynamoDBClient, table: string): Table {
  return {
    async get(key) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: keyOf(key), ConsistentRead: true }),
      );
      return Item && fromAttributes(Item);
    },
    async list(pk) {
      const pages = paginateQuery(
        { client },
        {
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: { ":pk": { S: pk } },
        },
      );
      const items: Item[] = [];
      for await (const page of pages) items.push(...(page.Items ?? []).map(fromAttributes));
      return items;
    },
    async put(key, item, when) {
      const Item = { ...toAttributes(item), ...keyOf(key) };
      const command = new PutItemCommand({ TableName: table, Item, ...compileCondition(when) });
      return (await orRefused(client.send(command))) !== undefined;
    },
    async update(key, change, when) {
      const command = new UpdateItemCommand({
        TableName: table,
        Key: keyOf(key),
        ReturnValues: "ALL_NEW",
        ...compileUpdate(change, when),
      });
      const result = await orRefused(client.send(command));
      return result && fromAttributes(result.Attributes ?? {});
    },
    async delete(key, when) {
      const command = new DeleteItemCommand({ TableName: table, Key: keyOf(key), ...compileCondition(when) });
      return (await orRefused(client.send(command))) !== undefined;
    },
  };
}
