import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { dynamoTable } from "../../functions/lib/table.js";
import { dynamoTransact } from "../../functions/lib/transact.js";
import { answer, failure } from "./fakes.js";

const KEY = { pk: "lease", sk: "lease" };

function tableWith(how: () => unknown) {
  const { client, sent } = answer(new DynamoDBClient({ region: "eu-west-1" }), how);
  return { table: dynamoTable(client, "ledger"), input: () => sent[0]?.input };
}

const refused = () => Promise.reject(new ConditionalCheckFailedException({ message: "no", $metadata: {} }));

describe("DynamoDB table", () => {
  it("writes a change and its condition with placeholders for every name", async () => {
    const { table, input } = tableWith(async () => ({ Attributes: { marks: { N: "2" }, holder: { S: "a" } } }));
    const after = await table.update(KEY, { set: { holder: "a", until: 5 }, add: { marks: 1 }, remove: ["note"] }, [
      [{ attribute: "holder", is: "absent" }],
      [
        { attribute: "until", is: "<", value: 5 },
        { attribute: "holder", is: "=", value: "b" },
      ],
    ]);
    expect(after).to.deep.equal({ marks: 2, holder: "a" });
    expect(input()).to.deep.equal({
      TableName: "ledger",
      Key: { pk: { S: "lease" }, sk: { S: "lease" } },
      ReturnValues: "ALL_NEW",
      UpdateExpression: "SET #a0 = :v1, #a2 = :v3 ADD #a4 :v5 REMOVE #a6",
      ConditionExpression: "(attribute_not_exists(#a7)) OR (#a8 < :v9 AND #a10 = :v11)",
      ExpressionAttributeNames: {
        "#a0": "holder",
        "#a2": "until",
        "#a4": "marks",
        "#a6": "note",
        "#a7": "holder",
        "#a8": "until",
        "#a10": "holder",
      },
      ExpressionAttributeValues: {
        ":v1": { S: "a" },
        ":v3": { N: "5" },
        ":v5": { N: "1" },
        ":v9": { N: "5" },
        ":v11": { S: "b" },
      },
    });
  });

  it("puts every kind of value, without a condition where none is asked for", async () => {
    const { table, input } = tableWith(async () => ({}));
    expect(await table.put(KEY, { n: 1, s: "x", b: true, l: ["y"], m: { create: 2 } })).to.equal(true);
    expect(input()).to.deep.equal({
      TableName: "ledger",
      Item: {
        n: { N: "1" },
        s: { S: "x" },
        b: { BOOL: true },
        l: { L: [{ S: "y" }] },
        m: { M: { create: { N: "2" } } },
        pk: { S: "lease" },
        sk: { S: "lease" },
      },
    });
  });

  it("takes a refused condition for an answer, anything else for an error", async () => {
    expect(await tableWith(refused).table.put(KEY, {}, [])).to.equal(false);
    expect(await tableWith(refused).table.update(KEY, { set: { a: 1 } }, [])).to.equal(undefined);
    expect(await tableWith(refused).table.delete(KEY, [])).to.equal(false);
    const down = tableWith(() => Promise.reject(new Error("down")));
    expect((await failure(down.table.put(KEY, {}))).message).to.equal("down");
  });

  it("reads every page of a partition, consistently", async () => {
    const pages = [
      { Items: [{ sk: { S: "1" } }], LastEvaluatedKey: { pk: { S: "run" }, sk: { S: "1" } } },
      { Items: [{ sk: { S: "2" }, n: { N: "3" } }] },
    ];
    const { table, input } = tableWith(async () => pages.shift());
    expect(await table.list("run")).to.deep.equal([{ sk: "1" }, { sk: "2", n: 3 }]);
    expect(input()).to.include({ ConsistentRead: true, KeyConditionExpression: "pk = :pk" });
  });

  it("writes all or nothing, and takes a refusal for an answer, anything else for an error", async () => {
    const { client, sent } = answer(new DynamoDBClient({ region: "eu-west-1" }), async () => ({}));
    const transact = dynamoTransact(client, "ledger");
    const writes = [
      { key: KEY, item: { n: 1 }, when: [[{ attribute: "pk", is: "absent" }]] },
      { key: { pk: "a", sk: "b" }, change: { set: { made: "snap-1" } } },
    ] as const;
    expect(await transact(writes)).to.equal(true);
    const TableName = "ledger";
    expect(sent[0]?.input).to.deep.equal({
      TransactItems: [
        {
          Put: {
            TableName,
            Item: { n: { N: "1" }, pk: { S: "lease" }, sk: { S: "lease" } },
            ConditionExpression: "(attribute_not_exists(#a0))",
            ExpressionAttributeNames: { "#a0": "pk" },
          },
        },
        {
          Update: {
            TableName,
            Key: { pk: { S: "a" }, sk: { S: "b" } },
            UpdateExpression: "SET #a0 = :v1",
            ExpressionAttributeNames: { "#a0": "made" },
            ExpressionAttributeValues: { ":v1": { S: "snap-1" } },
          },
        },
      ],
    });
    const no = () => Promise.reject(new TransactionCanceledException({ message: "no", $metadata: {} }));
    expect(await dynamoTransact(answer(client, no).client, "ledger")(writes)).to.equal(false);
    const down = () => Promise.reject(new Error("down"));
    expect((await failure(dynamoTransact(answer(client, down).client, "ledger")(writes))).message).to.equal("down");
  });

  it("does not guess what an attribute of another kind means", async () => {
    const { table } = tableWith(async () => ({ Item: { odd: { NULL: true } } }));
    expect((await failure(table.get(KEY))).message).to.contain('"odd"');
  });
});
