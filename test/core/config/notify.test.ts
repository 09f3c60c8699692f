import { expect } from "chai";
import * as v from "valibot";
import { NOTIFY, Notify, topicPlace } from "../../../core/config/notify.js";
import { problemsOf } from "../../../core/config/problems.js";

const TOPIC = "arn:aws:sns:eu-west-1:111122223333:ops";
const read = (raw: Readonly<Record<string, unknown>>) => {
  const { output, issues = [] } = v.safeParse(Notify, raw);
  return { notify: output, keys: problemsOf(issues).map(({ key }) => key) };
};

describe("config of who is told", () => {
  it("is the own topic, no summaries and a day, unless the stack says otherwise", () => {
    expect(read({})).to.deep.equal({ notify: { summary: false, repeatAfterMs: 86_400_000 }, keys: [] });
    expect(NOTIFY).to.deep.equal({ summary: false, repeatAfterMs: 86_400_000 });
    expect(read({ topic: "" })).to.deep.equal({ notify: NOTIFY, keys: [] });
    const own = { topic: TOPIC, summary: true, repeatAfter: "12h" };
    expect(read(own)).to.deep.equal({
      notify: { topic: TOPIC, summary: true, repeatAfterMs: 12 * 3_600_000 },
      keys: [],
    });
  });

  it("knows where a topic is, and refuses what is none, or FIFO", () => {
    expect(topicPlace(TOPIC)).to.deep.equal({ region: "eu-west-1", account: "111122223333" });
    expect(topicPlace("arn:aws-us-gov:sns:us-gov-west-1:111122223333:a_b")?.region).to.equal("us-gov-west-1");
    for (const topic of ["ops", 7, TOPIC.replace("sns", "sqs"), TOPIC.replace("111122223333", "1"), `${TOPIC}.fifo`]) {
      expect(read({ topic }).keys, String(topic)).to.deep.equal(["topic"]);
    }
  });

  it("names each wrong value", () => {
    expect(read({ topic: "x", summary: "yes", repeatAfter: "soon" }).keys).to.have.members([
      "topic",
      "summary",
      "repeatAfter",
    ]);
    expect(read({ repeatAfter: 24 }).keys).to.deep.equal(["repeatAfter"]);
  });
});
