import { expect } from "chai";
import { EncryptionKey } from "../../components/storage/encryption-key.js";
import { protectedChildren } from "../support/protected.js";
import { ofType, recordProgram } from "../support/pulumi-mocks.js";
import { options, site } from "../support/site.js";

describe("EncryptionKey", () => {
  it("turns by itself, and may be called back from deletion for as long as it is worth", async () => {
    for (const [protect, days] of [
      [true, 30],
      [false, 7],
    ] as const) {
      const made = await recordProgram(() => new EncryptionKey("encryption", { site: site(protect) }, options()));
      const [key] = ofType(made, "aws:kms/key:Key");
      expect(key?.inputs).to.include({ enableKeyRotation: true, deletionWindowInDays: days });
      const [alias] = ofType(made, "aws:kms/alias:Alias");
      expect(alias?.inputs["name"]).to.equal("alias/acme-primary");
    }
  });

  it("is kept from being destroyed, unless told otherwise", async () => {
    const found: string[][] = [];
    for (const protect of [true, false]) {
      await recordProgram(() =>
        found.push(protectedChildren(new EncryptionKey("encryption", { site: site(protect) }, options()))),
      );
    }
    expect(found).to.deep.equal([["Key"], []]);
  });
});
