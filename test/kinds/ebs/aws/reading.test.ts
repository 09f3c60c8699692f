import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { pointId } from "../../../../core/names/identity.js";
import { readingEc2 } from "../../../../kinds/ebs/aws/clients.js";
import { readOurs } from "../../../../kinds/ebs/aws/lists.js";
import { NOW } from "../../../functions/ec2-shapes.js";
import { failure } from "../../../functions/fakes.js";
import { HOME, settings } from "./cloud.js";

const OF = { policy: "daily", home: HOME, resource: "i-1" };

function snapshotXml(id: string, hours: number): string {
  const scheduled = NOW - hours * 3_600_000;
  const tags = {
    Name: "R&amp;D &#x1F4BE;",
    "lockstep:deployment": "prod",
    ...{ "lockstep:policy": OF.policy, "lockstep:resource": OF.resource, "lockstep:kind": "instance" },
    ...{ "lockstep:home": HOME, "lockstep:point": pointId({ ...OF, scheduled }) },
    ...{ "lockstep:scheduled": new Date(scheduled).toISOString(), "lockstep:size": "1", "lockstep:level": "crash" },
  };
  const items = Object.entries(tags).map(([key, value]) => `<item><key>${key}</key><value>${value}</value></item>`);
  return `<item>
    <snapshotId>${id}</snapshotId>
    <volumeId>vol-1</volumeId>
    <status>completed</status>
    <startTime>${new Date(scheduled).toISOString()}</startTime>
    <progress>100%</progress>
    <volumeSize>8</volumeSize>
    <tagSet>${items.join("\n")}</tagSet>
  </item>`;
}

const page = (content: string) => `<?xml version="1.0" encoding="UTF-8"?>
<DescribeSnapshotsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <requestId>r</requestId>
  ${content}
</DescribeSnapshotsResponse>`;

const FIRST = page(`<snapshotSet>${snapshotXml("snap-1", 1)}</snapshotSet><nextToken>2</nextToken>`);
const SECOND = page(`<snapshotSet>${snapshotXml("snap-2", 2)}</snapshotSet>`);

/** What a survey sees of the own snapshots of a region whose second page is answered so. */
async function seen(second: (response: ServerResponse) => void) {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => (body.includes("NextToken=2") ? second(response) : response.end(FIRST)));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = readingEc2(HOME, { endpoint: `http://127.0.0.1:${port}`, credentials });
  try {
    return await readOurs(client, new AbortController().signal, settings("primary"));
  } finally {
    client.destroy();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}

describe("snapshots as EC2 sends them", () => {
  it("become points, over all pages", async () => {
    const { points, strays } = await seen((response) => response.end(SECOND));
    expect(strays).to.deep.equal([]);
    expect(
      points.map(({ artifacts: parts, ...point }) => [point.resource, parts.map((part) => part.id)]),
    ).to.deep.equal([
      ["i-1", ["snap-1"]],
      ["i-1", ["snap-2"]],
    ]);
  });

  const broken: Readonly<Record<string, (response: ServerResponse) => void>> = {
    "ends early": (response) => response.end(SECOND.slice(0, -40)),
    "has nothing in it": (response) => response.end(),
    "has no list": (response) => response.end(page("")),
    "is not what EC2 writes": (response) => response.end("<html><body>Bad gateway<br></body></html>"),
  };
  for (const [what, second] of Object.entries(broken)) {
    it(`are not read if a page ${what}`, async () => {
      expect(await failure(seen(second))).to.be.an("error");
    });
  }
});
