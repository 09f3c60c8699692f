import { withSandbox } from "../support/sandbox.js";
import { checksOf } from "./checks.js";

describe("from outside: EC2 by boto3", () => {
  const sandbox = withSandbox();
  before("let snapshots end soon", () =>
    sandbox.admin("POST", "settings", { ec2: { snapshotMillis: 100, copyMillis: 100 } }),
  );
  checksOf("ec2_checks", () => sandbox.env);
});
