import { expect } from "chai";
import { assert, spy } from "sinon";
import * as lifecycle from "../../../sandbox/provider/resource/lifecycle.js";
import { type Context, resource } from "../../../sandbox/provider/resource/resource.js";
import { number, policy, string, tagged } from "../../../sandbox/provider/resource/schema.js";
import { UNKNOWN } from "../../../sandbox/provider/wire.js";

const context: Context = {
  region: "eu-west-1",
  account: "000000000000",
  partition: "aws",
  projectRoot: ".",
  client: () => {
    throw new Error("no AWS here");
  },
};

/** A resource type whose things are in a map. */
function fake(failSettle = false) {
  const there = new Map<string, Record<string, unknown>>();
  const updated = spy((_changed: string) => undefined);
  const type = resource({
    token: "test:thing",
    inputs: {
      name: string({ required: true }),
      size: number({ default: 1 }),
      colour: string({ computed: true }),
      doc: policy(),
      ...tagged,
    },
    outputs: ["arn", "version"],
    recomputed: (changed) => (changed.has("size") ? ["version"] : []),
    async create(_context, { name, tagsAll }) {
      there.set(name, { arn: `arn:${name}`, version: 1, size: 0, colour: "red", tagsAll });
      return name;
    },
    async settle(_context, id, { size }) {
      if (failSettle) throw new Error("settling failed");
      there.set(id, { ...there.get(id), size });
    },
    read: async (_context, id) => there.get(id),
    async update(_context, id, next, _prior, changed) {
      updated([...changed].join(" "));
      there.set(id, { ...there.get(id), size: next.size, tagsAll: next.tagsAll });
    },
    async remove(_context, id) {
      there.delete(id);
    },
  });
  return { type, there, updated };
}

describe("the life of a resource", () => {
  const inputs = { name: "a", size: 3, tags: {}, tagsAll: {} };

  it("previews with what AWS decides unknown, until it is known", () => {
    const { type } = fake();
    expect(lifecycle.previewCreate(type, inputs)).to.include({
      name: "a",
      arn: UNKNOWN,
      version: UNKNOWN,
      colour: UNKNOWN,
    });
    const state = { ...inputs, arn: "arn:a", version: 1, colour: "red" };
    expect(lifecycle.previewUpdate(type, state, { ...inputs, size: 4 })).to.include({
      arn: "arn:a",
      colour: "red",
      version: UNKNOWN,
    });
    expect(lifecycle.previewUpdate(type, state, { ...inputs, doc: "{}" })).to.include({
      arn: "arn:a",
      version: 1,
      doc: "{}",
    });
  });

  it("keeps what was made when the rest of a create fails, so that the next update mends it", async () => {
    const { type, updated, there } = fake(true);
    const made = await lifecycle.create(type, context, inputs);
    expect(made).to.include({ id: "a" });
    expect(made.error).to.be.an("error").with.property("message", "settling failed");
    expect(made.state).to.include({ size: 0, arn: "arn:a" });
    await lifecycle.update(type, context, "a", inputs, made.state);
    assert.calledOnceWithExactly(updated, "size");
    expect(there.get("a")).to.include({ size: 3 });
  });

  it("makes no call when only the program's view of the tags changes", async () => {
    const { type, updated } = fake();
    const { state } = await lifecycle.create(type, context, { ...inputs, tags: {}, tagsAll: { team: "x" } });
    await lifecycle.update(type, context, "a", { ...inputs, tags: { team: "x" }, tagsAll: { team: "x" } }, state);
    assert.notCalled(updated);
  });

  it("tells drifted tags of its own from the provider's", async () => {
    const { type, there } = fake();
    const given = { ...inputs, tags: { app: "1" }, tagsAll: { app: "1", team: "x" } };
    const { state } = await lifecycle.create(type, context, given);
    there.set("a", { ...there.get("a"), tagsAll: { app: "2", team: "x", extra: "y" } });
    const seen = await lifecycle.observe(type, context, "a", state);
    expect(seen?.["tags"]).to.deep.equal({ app: "2", extra: "y" });
    expect(lifecycle.inputsFrom(type, seen ?? {}, given)["tags"]).to.deep.equal({ app: "2", extra: "y" });
  });

  it("keeps the program's wording of what AWS words otherwise", async () => {
    const { type, there } = fake();
    const doc = '{"Statement": [{"Action": ["a"]}]}';
    const { state } = await lifecycle.create(type, context, { ...inputs, doc });
    there.set("a", { ...there.get("a"), doc: '{"Statement":{"Action":"a"}}' });
    expect((await lifecycle.observe(type, context, "a", state))?.["doc"]).to.equal(doc);
    there.set("a", { ...there.get("a"), doc: '{"Statement":{"Action":"b"}}' });
    expect((await lifecycle.observe(type, context, "a", state))?.["doc"]).to.equal('{"Statement":{"Action":"b"}}');
    there.delete("a");
    expect(await lifecycle.observe(type, context, "a", state)).to.equal(undefined);
  });
});
