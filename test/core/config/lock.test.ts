import { expect } from "chai";
import * as v from "valibot";
import { problemsOf } from "../../../core/config/problems.js";
import { Lock } from "../../../kinds/ebs/lock-config.js";

const Locked = v.object({ lock: v.exactOptional(Lock) });
const read = (value: unknown) => v.parse(Locked, value === undefined ? {} : { lock: value }).lock;
const problems = (value: unknown): string[] =>
  problemsOf(v.safeParse(Locked, { lock: value }).issues ?? []).map(({ key }) => key);
const compliance = { mode: "compliance", days: 30, irrevocable: true };

describe("config of a lock", () => {
  it("is none where none is given", () => expect(read(undefined)).to.equal(undefined));

  it("is read whole", () => {
    expect(read({ mode: "governance", days: 1 })).to.deep.equal({ mode: "governance", days: 1 });
    expect(read({ ...compliance, coolOffHours: 72 })).to.deep.equal({ mode: "compliance", days: 30, coolOffHours: 72 });
  });

  it("asks for a word before it does what nobody can undo", () => {
    expect(problems({ ...compliance, irrevocable: undefined })).to.deep.equal(["lock.irrevocable"]);
    expect(problems({ ...compliance, irrevocable: "yes" })).to.deep.equal(["lock.irrevocable"]);
    expect(problems({ mode: "governance", days: 1, irrevocable: true })).to.deep.equal(["lock.irrevocable"]);
  });

  const wrong: [string, unknown, string[]][] = [
    ["text", "governance", ["lock"]],
    ["another mode", { mode: "legal", days: 1 }, ["lock.mode"]],
    ["no days", { mode: "governance" }, ["lock.days"]],
    ["no day", { mode: "governance", days: 0 }, ["lock.days"]],
    ["half a day", { mode: "governance", days: 0.5 }, ["lock.days"]],
    ["more than a century", { ...compliance, days: 36_501 }, ["lock.days"]],
    ["a cool-off that is too long", { ...compliance, coolOffHours: 73 }, ["lock.coolOffHours"]],
    ["a cool-off where nothing cools", { mode: "governance", days: 1, coolOffHours: 1 }, ["lock.coolOffHours"]],
    ["an unknown key", { mode: "governance", days: 1, until: "2027" }, ["lock.until"]],
  ];
  for (const [title, value, keys] of wrong) {
    it(`refuses ${title}`, () => expect(problems(value)).to.deep.equal(keys));
  }
});
