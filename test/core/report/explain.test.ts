import { expect } from "chai";
import fc from "fast-check";
import { explain } from "../../../core/report/explain.js";
import { runs } from "../../support/chance.js";
import { anyWorld } from "../arbitrary.js";
import { DR, HOME, HOUR, plan, point, SLOT, world } from "../worlds.js";

const of = (input: Parameters<typeof world>[0], name: string) => {
  const seen = world(input);
  return explain([seen], plan(seen), name);
};

describe("explain", () => {
  const points = [0, 1, 2].map((hours) => point({ at: SLOT - hours * HOUR }));
  const oldest = point({ at: SLOT - 2 * HOUR });

  it("gives every reason for a point, in each region, the home region first", () => {
    const copies = [0, 1, 2].map((hours) => point({ at: SLOT - hours * HOUR, region: DR }));
    const said = of({ points: [...points, ...copies] }, oldest.id);
    expect(said).to.deep.equal({
      point: oldest.id,
      policy: "hourly",
      resource: "i-1",
      unknown: {},
      places: [
        {
          region: HOME,
          state: "completed",
          start: "2026-11-21T05:01:00.000Z",
          artifacts: [{ id: `snap-${HOME}-${oldest.id}-vol-1`, member: "vol-1", state: "completed" }],
          decisions: [{ do: "delete", reason: "past count 2" }],
        },
        {
          region: DR,
          state: "completed",
          start: "2026-11-21T05:01:00.000Z",
          artifacts: [{ id: `snap-${DR}-${oldest.id}-vol-1`, member: "vol-1", state: "completed" }],
          decisions: [{ do: "keep", reason: "count 3 of 3" }],
        },
      ],
    });
  });

  it("finds a point by any of its snapshots, and says what is still to be made of it", () => {
    const said = of({ points }, `snap-${HOME}-${point({ at: SLOT }).id}-vol-1`);
    expect(said?.point).to.equal(point({ at: SLOT }).id);
    expect(said?.places.map(({ region, state }) => [region, state])).to.deep.equal([
      [HOME, "completed"],
      [DR, "absent"],
    ]);
    expect(said?.places[1]?.decisions.map((one) => one.do)).to.deep.equal(["copy"]);
  });

  it("explains a point that is only planned", () => {
    const seen = world();
    const created = plan(seen).find((action) => action.do === "create");
    const said = explain([seen], plan(seen), created?.point ?? "");
    expect(said?.places).to.deep.equal([
      {
        region: HOME,
        state: "absent",
        start: null,
        artifacts: [],
        decisions: [{ do: "create", reason: created?.reason }],
      },
    ]);
  });

  it("names regions that could not be read, and knows nothing of what is nowhere", () => {
    expect(of({ points, unknown: { [DR]: "timed out" } }, oldest.id)?.unknown).to.deep.equal({ [DR]: "timed out" });
    expect(of({ points }, "lsp-0")).to.equal(undefined);
    expect(of({ points }, "")).to.equal(undefined);
  });

  it("says of every point exactly what the plan says", () => {
    fc.assert(
      fc.property(anyWorld, (seen) => {
        const actions = plan(seen);
        for (const action of actions.filter(({ point: id }) => id !== "")) {
          const place = explain([seen], actions, action.point)?.places.find(({ region }) => region === action.region);
          expect(place?.decisions).to.deep.include({ do: action.do, reason: action.reason });
        }
      }),
      { numRuns: runs(100) },
    );
  });
});
