import * as ec2 from "@aws-sdk/client-ec2";
import { AwsEc2QueryProtocol, XmlShapeDeserializer } from "@aws-sdk/core/protocols";
import { expect } from "chai";
import fc from "fast-check";
import { restore, spy } from "sinon";
import { FastEc2Protocol } from "../../functions/lib/ec2-xml.js";
import { type AnySchema, answerText, changed, type Operation, type Schema } from "./ec2-answers.js";

type Protocol = AwsEc2QueryProtocol;
type Context = Parameters<Protocol["deserializeResponse"]>[1];

const OPTIONS = { defaultNamespace: "com.amazonaws.ec2", xmlNamespace: "", version: "2016-11-15" };
const sdk = new AwsEc2QueryProtocol(OPTIONS);
const fast = new FastEc2Protocol(OPTIONS);

/** All operations of EC2, as the SDK's commands have them: [9, namespace, name, traits, input, output]. */
const OPERATIONS: readonly Operation[] = Object.values(ec2).flatMap((one: unknown) => {
  if (!Array.isArray(one) || one[0] !== 9) return [];
  const [, namespace, name, traits, input, output] = one;
  return [{ namespace, name, traits, input, output }];
});

function operation(name: string): Operation {
  const found = OPERATIONS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`the SDK has no operation ${name}`);
  return found;
}

const read = (protocol: Protocol, of: Operation, xml: string | Uint8Array, statusCode = 200): Promise<object> => {
  // The body of an answer is a stream, which the context collects; of a context nothing else is needed for reading.
  const body = { stream: Buffer.from(xml) };
  const context = { streamCollector: async ({ stream }: typeof body) => stream } as unknown as Context;
  return protocol.deserializeResponse(of, context, { statusCode, headers: { "X-Amzn-RequestId": "r-1" }, body });
};

/** What comes of reading: a value, or that it was refused. */
const outcome = async (protocol: Protocol, of: Operation, xml: string) =>
  read(protocol, of, xml).then(
    (value) => ({ value }),
    () => "refused" as const,
  );

/** The schema by which an operation's answer is read. */
async function outputOf(of: Operation): Promise<Schema | undefined> {
  let found: AnySchema | undefined;
  class Noting extends AwsEc2QueryProtocol {
    protected override deserializer = new (class extends XmlShapeDeserializer {
      override read(schema: AnySchema) {
        found = schema;
        return {};
      }
    })(sdk["deserializer"].settings);
  }
  await read(new Noting(OPTIONS), of, "<a/>");
  return typeof found === "object" && "isStructSchema" in found && found.isStructSchema() ? found : undefined;
}

const PAGE = `<?xml version="1.0" encoding="UTF-8"?>
<DescribeSnapshotsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
    <requestId>59dbff89-35bd-4eac-99ed-be587EXAMPLE</requestId>
    <snapshotSet>
        <item>
            <snapshotId>snap-1234567890abcdef0</snapshotId>
            <volumeId>vol-1234567890abcdef0</volumeId>
            <status>pending</status>
            <startTime>2026-11-21T03:00:00.000Z</startTime>
            <progress>30%</progress>
            <volumeSize>15</volumeSize>
            <description>Daily &amp; &#x201E;more&#x201C; &#128190;</description>
            <encrypted>true</encrypted>
            <tagSet>
                <item>
                    <key>Purpose</key>
                    <value>demo_db_14_backup</value>
                </item>
                <item>
                    <key>__proto__</key>
                    <value/>
                </item>
            </tagSet>
        </item>
        <item>
            <snapshotId>snap-2</snapshotId>
            <tagSet/>
        </item>
    </snapshotSet>
    <nextToken>more</nextToken>
</DescribeSnapshotsResponse>`;
const SNAPSHOTS = operation("DescribeSnapshots");
const METADATA = { httpStatusCode: 200, requestId: "r-1" };

describe("an answer of EC2", () => {
  afterEach(() => restore());

  it("is read as AWS writes it, without the SDK's own parser", async () => {
    const slow = spy(XmlShapeDeserializer.prototype, "read");
    const { $metadata, ...output } = (await read(fast, SNAPSHOTS, PAGE)) as ec2.DescribeSnapshotsCommandOutput;
    expect($metadata).to.include(METADATA);
    expect(output).to.deep.equal({
      NextToken: "more",
      Snapshots: [
        {
          SnapshotId: "snap-1234567890abcdef0",
          VolumeId: "vol-1234567890abcdef0",
          State: "pending",
          StartTime: new Date("2026-11-21T03:00:00.000Z"),
          Progress: "30%",
          VolumeSize: 15,
          Description: "Daily & „more“ 💾",
          Encrypted: true,
          Tags: [
            { Key: "Purpose", Value: "demo_db_14_backup" },
            { Key: "__proto__", Value: "" },
          ],
        },
        { SnapshotId: "snap-2", Tags: [] },
      ],
    });
    expect(slow.called).to.equal(false);
  });

  it("is to our reading what it is to the SDK's, by the schema of any operation", async () => {
    const slow = spy(XmlShapeDeserializer.prototype, "read");
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...OPERATIONS), fc.gen(), async (of, g) => {
        const schema = await outputOf(of);
        fc.pre(schema !== undefined);
        const xml = answerText(g, of, schema);
        const ours = await read(fast, of, xml);
        expect(slow.called, xml).to.equal(false);
        expect(ours, xml).to.deep.equal(await read(sdk, of, xml));
        slow.resetHistory();
      }),
      { numRuns: 500 },
    );
  });

  it("is refused, or is to our reading what it is to the SDK's, however it was changed or broken", async () => {
    const lists = ["Snapshots", "Instances", "Volumes", "Images", "LockedSnapshots"].map((one) =>
      operation(`Describe${one}`),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...lists), fc.gen(), async (of, g) => {
        const schema = await outputOf(of);
        fc.pre(schema !== undefined);
        const xml = changed(g, answerText(g, of, schema));
        const ours = await outcome(fast, of, xml);
        if (ours !== "refused") expect(ours, xml).to.deep.equal(await outcome(sdk, of, xml));
      }),
      { numRuns: 1000 },
    );
  });

  it("that ends anywhere before its end is an error, never an empty list", async () => {
    for (let length = 1; length < PAGE.length; length++) {
      expect(await outcome(fast, SNAPSHOTS, PAGE.slice(0, length)), `${length} characters`).to.equal("refused");
    }
  });

  it("with text between its elements is refused: the SDK would take it for a list without elements", async () => {
    for (const text of ["x", " ", "\n  x\n"]) {
      const xml = PAGE.replaceAll(/>\s+</g, "><").replace("</snapshotSet>", `${text}</snapshotSet>`);
      expect(await outcome(fast, SNAPSHOTS, xml)).to.equal("refused");
      expect(await outcome(sdk, SNAPSHOTS, xml)).to.have.nested.property("value.Snapshots").that.is.empty;
    }
  });

  it("that is an error is the SDK's", async () => {
    const xml =
      "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>slow</Message></Error></Errors></Response>";
    for (const [body, name] of [
      [xml, "RequestLimitExceeded"],
      ["", "Unknown"],
    ] as const) {
      const errors = await Promise.all(
        [fast, sdk].map((one) => read(one, SNAPSHOTS, body, 503).catch((error: Error) => error)),
      );
      expect(errors.map((error) => "name" in error && error.name)).to.deep.equal([name, name]);
    }
  });
});
