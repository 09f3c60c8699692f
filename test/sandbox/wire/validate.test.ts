import { expect } from "chai";
import { ApiError } from "../../../sandbox/wire/errors.js";
import type { ServiceModel } from "../../../sandbox/wire/model.js";
import { checkInput } from "../../../sandbox/wire/validate.js";

const model: ServiceModel = {
  operations: { Make: { input: { shape: "MakeRequest" } } },
  shapes: {
    MakeRequest: {
      type: "structure",
      required: ["Name"],
      members: {
        Name: { shape: "Name" },
        Size: { shape: "Size" },
        Kind: { shape: "Kind" },
        Tags: { shape: "Tags" },
        Options: { shape: "Options" },
        When: { shape: "When" },
      },
    },
    Name: { type: "string", min: 2, max: 4, pattern: "[a-z]*" },
    Size: { type: "integer", min: 1, max: 10 },
    Kind: { type: "string", enum: ["A", "B"] },
    Tags: { type: "list", member: { shape: "Tag" }, max: 2 },
    Tag: { type: "structure", required: ["Key"], members: { Key: { shape: "Word" }, Value: { shape: "Word" } } },
    Word: { type: "string", pattern: "^([\\p{L}\\-]*)$" },
    Options: { type: "structure", members: { Fast: { shape: "Flag" }, Deep: { shape: "Flag" } } },
    Flag: { type: "boolean" },
    When: { type: "timestamp" },
  },
};
const ALL = ["Name", "Size", "Kind", "Tags", "Options", "When"];

/** The error of a request, as code and message. */
function said(input: object, taken: readonly string[] = ALL): string {
  try {
    checkInput(model, "Make", input, { taken, code: "BadRequest" });
    return "fine";
  } catch (error) {
    if (error instanceof ApiError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

describe("requests against the model of an API", () => {
  it("pass where all is right; null is as nothing", () => {
    const Tags = [{ Key: "é-a", Value: "" }];
    expect(said({ Name: "abc", Size: 10, Kind: "B", Tags, Options: { Fast: true }, When: 1.5 })).to.equal("fine");
    expect(said({ Name: "abc", Size: null, Tags: null })).to.equal("fine");
  });

  it("are refused with all that is wrong, and where", () => {
    expect(said({})).to.equal(
      "BadRequest: 1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
    );
    expect(said({ Name: "A", Size: 11 })).to.equal(
      "BadRequest: 3 validation errors detected: " +
        "Value 'A' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 2; " +
        "Value 'A' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]*; " +
        "Value '11' at 'size' failed to satisfy constraint: Member must have value less than or equal to 10",
    );
    expect(said({ Name: "abc", Kind: "C" })).to.contain(
      "Value 'C' at 'kind' failed to satisfy constraint: Member must satisfy enum value set: [A, B]",
    );
    expect(said({ Name: "abc", Tags: [{ Key: "a" }, { Value: "b" }] })).to.contain("Value null at 'tags.2.member.key'");
    expect(said({ Name: "abc", Tags: [{ Key: "a b" }] })).to.contain("'tags.1.member.key'");
    expect(said({ Name: "abc", Tags: [{ Key: "a" }, { Key: "b" }, { Key: "c" }] })).to.contain(
      "length less than or equal to 2",
    );
  });

  it("are refused where a value has another type", () => {
    for (const input of [
      { Name: 5 },
      { Name: "abc", Size: "5" },
      { Name: "abc", Size: 1.5 },
      { Name: "abc", Tags: {} },
    ])
      expect(said(input)).to.match(/^SerializationException: .* is not of type/);
  });

  it("name the member that the operation does not read, or that AWS does not have", () => {
    expect(said({ Name: "abc", Kind: "A" }, ["Name"])).to.equal(
      "SandboxUnsupported: the sandbox does not know Kind of Make",
    );
    const options = { Name: "abc", Options: { Fast: true, Deep: false } };
    expect(said(options, ["Name", "Options.Fast"])).to.contain("does not know Options.Deep of Make");
    expect(said({ Name: "abc", Tags: [{ Key: "a", Value: "b" }] }, ["Name", "Tags.Key"])).to.contain(
      "Tags.Value of Make",
    );
    expect(said({ Name: "abc", Colour: "red" })).to.equal(
      "SandboxUnsupported: the sandbox does not know the member Colour: the API's model has none",
    );
  });
});
