import { expect } from "chai";
import { restore, stub } from "sinon";
import type { EventEntry } from "../../../sandbox/emulator/emulator.js";
import { ServiceEvents } from "../../../sandbox/events/bus.js";
import { EventFaults } from "../../../sandbox/faults/events.js";

const event = (n: number, region: string) => ({
  ...{ source: "aws.ec2", detailType: "EBS Snapshot Notification", detail: { n }, resources: [], time: n * 1000 },
  region,
});

describe("events of the sandbox's services", () => {
  afterEach(() => restore());

  it("are carried in their order, ten of a region at most in one call, and a call that fails loses only its own", async () => {
    const calls: [string, number[]][] = [];
    let isBroken = false;
    const deliver = async (region: string, entries: readonly EventEntry[]): Promise<void> => {
      calls.push([region, entries.map(({ Time }) => Time ?? -1)]);
      if (isBroken) throw new Error("no answer");
    };
    const events = new ServiceEvents(deliver, new EventFaults());
    for (let n = 0; n < 13; n++) events.emit(event(n, "us-east-1"));
    events.emit(event(13, "us-west-2"));
    events.emit(event(14, "us-east-1"));
    await events.settled();
    const first = [...Array(13).keys()];
    expect(calls).to.deep.equal([
      ["us-east-1", [0]],
      ["us-east-1", first.slice(1, 11)],
      ["us-east-1", first.slice(11)],
      ["us-west-2", [13]],
      ["us-east-1", [14]],
    ]);
    isBroken = true;
    const told = stub(console, "error");
    events.emit(event(15, "us-east-1"));
    await events.settled();
    isBroken = false;
    expect(told.args.map(([text]) => text)).to.deep.equal(["1 events (EBS Snapshot Notification) were not delivered:"]);
    events.emit(event(16, "us-east-1"));
    await events.settled();
    expect(calls.slice(5)).to.deep.equal([
      ["us-east-1", [15]],
      ["us-east-1", [16]],
    ]);
  });
});
