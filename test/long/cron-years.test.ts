import { judge, judgeChanges, SCHEDULES, ZONES } from "../support/schedules.js";

/** With test/support/due-times.ts as the judge. A sample of it is in test/core/schedule/cron.test.ts. */
describe("cron: ten years of clocks", () => {
  const [from, to] = [Date.UTC(2017, 0, 1), Date.UTC(2027, 0, 1)];

  for (const zone of ZONES) {
    it(`gives every slot of ten years, and no other, in ${zone}`, () => {
      for (const text of SCHEDULES.slice(0, 3)) judge(text, zone, from, to);
    }).timeout(300_000);

    it(`is right around each change of ten years in ${zone}`, () => {
      for (const text of SCHEDULES) judgeChanges(text, zone, from, to);
    }).timeout(300_000);
  }

  it("is right around the day that Apia left out, and the changes about it", () => {
    for (const text of SCHEDULES) judgeChanges(text, "Pacific/Apia", Date.UTC(2010, 0, 1), Date.UTC(2020, 0, 1));
  }).timeout(300_000);
});
