import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { dynamoTable } from "../../../functions/store/table.js";
import { dynamoTransact } from "../../../functions/store/transact.js";
import { failure } from "../fakes.js";

const KEY = { pk: "lease", sk: "lease" };

/** What DynamoDB answers, or throws where no answer comes. */
interface Answer {
  readonly error?: string;
  readonly [member: string]: unknown;
}

/** A client whose requests are answered in the place of AWS, and what it sent, as it is on the wire. */
function dynamo(how: () => Answer) {
  const sent: unknown[] = [];
  const requestHandler = {
    async handle({ body }: { readonly body?: Uint8Array }) {
      sent.push(JSON.parse(new TextDecoder().decode(body)));
      const { error, ...output } = how();
      const answer =
        error === undefined ? output : { __type: `com.amazonaws.dynamodb.v20120810#${error}`, message: "no" };
      const headers = { "content-type": "application/x-amz-json-1.0" };
      return {
        response: { statusCode: error === undefined ? 200 : 400, headers, body: Buffer.from(JSON.stringify(answer)) },
      };
    },
  };
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = new DynamoDBClient({ region: "eu-west-1", credentials, requestHandler });
  return { client, sent };
}

function tableWith(how: () => Answer) {
  const { client, sent } = dynamo(how);
  return { table: dynamoTable(client, "ledger"), input: () => sent[0] };
}

const refused = () => ({ error: "ConditionalCheckFailedException" });
const canceled = () => ({ error: "TransactionCanceledException" });
const down = () => {
  throw new Error("down");
};

describe("DynamoDB table", () => {
  it("writes a change and its condition with placeholders for every name", async () => {
    const { table, input } = tableWith(() => ({ Attributes: { marks: { N: "2" }, holder: { S: "a" } } }));
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
      UpdateExpression: "SET #holder = :v0, #until = :v1 ADD #marks :v2 REMOVE #note",
      ConditionExpression: "(attribute_not_exists(#holder)) OR (#until < :v3 AND #holder = :v4)",
      ExpressionAttributeNames: { "#holder": "holder", "#until": "until", "#marks": "marks", "#note": "note" },
      ExpressionAttributeValues: {
        ":v0": { S: "a" },
        ":v1": { N: "5" },
        ":v2": { N: "1" },
        ":v3": { N: "5" },
        ":v4": { S: "b" },
      },
    });
  });

  it("puts every kind of value, without a condition where none is asked for", async () => {
    const { table, input } = tableWith(() => ({}));
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
    expect((await failure(tableWith(down).table.put(KEY, {}))).message).to.equal("down");
  });

  it("reads every page of a partition, consistently", async () => {
    const pages = [
      { Items: [{ sk: { S: "1" } }], LastEvaluatedKey: { pk: { S: "run" }, sk: { S: "1" } } },
      { Items: [{ sk: { S: "2" }, n: { N: "3" } }] },
    ];
    const { table, input } = tableWith(() => pages.shift() ?? {});
    expect(await table.list("run")).to.deep.equal([{ sk: "1" }, { sk: "2", n: 3 }]);
    expect(input()).to.include({ ConsistentRead: true, KeyConditionExpression: "pk = :pk" });
  });

  it("writes all or nothing, and takes a refusal for an answer, anything else for an error", async () => {
    const { client, sent } = dynamo(() => ({}));
    const transact = dynamoTransact(client, "ledger");
    const writes = [
      { key: KEY, item: { n: 1 }, when: [[{ attribute: "pk", is: "absent" }]] },
      { key: { pk: "a", sk: "b" }, change: { set: { made: "snap-1" } } },
    ] as const;
    expect(await transact(writes)).to.equal(true);
    const TableName = "ledger";
    expect(sent[0]).to.have.property("ClientRequestToken").that.is.a("string").and.is.not.empty;
    expect(sent[0]).to.have.deep.property("TransactItems", [
      {
        Put: {
          TableName,
          Item: { n: { N: "1" }, pk: { S: "lease" }, sk: { S: "lease" } },
          ConditionExpression: "(attribute_not_exists(#pk))",
          ExpressionAttributeNames: { "#pk": "pk" },
        },
      },
      {
        Update: {
          TableName,
          Key: { pk: { S: "a" }, sk: { S: "b" } },
          UpdateExpression: "SET #made = :v0",
          ExpressionAttributeNames: { "#made": "made" },
          ExpressionAttributeValues: { ":v0": { S: "snap-1" } },
        },
      },
    ]);
    expect(await dynamoTransact(dynamo(canceled).client, "ledger")(writes)).to.equal(false);
    expect((await failure(dynamoTransact(dynamo(down).client, "ledger")(writes))).message).to.equal("down");
  });

  it("does not guess what an attribute of another kind means", async () => {
    const { table } = tableWith(() => ({ Item: { odd: { NULL: true } } }));
    expect((await failure(table.get(KEY))).message).to.contain('"odd"');
  });
});
