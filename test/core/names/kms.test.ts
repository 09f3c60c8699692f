import { expect } from "chai";
import { isAboutKey } from "../../../core/names/kms.js";

describe("what AWS says of KMS keys", () => {
  it("is known from other causes", () => {
    const said = [
      "Given key ID is not accessible",
      "AMI snapshot copy failed with error: Given key ID is not accessible. You must have DescribeKey permissions on the default CMK.",
      "arn:aws:kms:eu-central-1:111122223333:key/01234567-0123-0123-0123-012345678901 is disabled.",
      "CustomerKeyHasBeenRevoked",
      "KMSInvalidStateException",
    ];
    for (const one of said) expect(isAboutKey(one), one).to.equal(true);
    const others = ["Source snapshot ID is not valid", "An internal error has occurred", "InvalidKeyPair.NotFound", ""];
    for (const one of others) expect(isAboutKey(one), one).to.equal(false);
  });
});
