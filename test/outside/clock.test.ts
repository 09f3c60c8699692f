import { withSandbox } from "../support/sandbox.js";
import { checksOf } from "./checks.js";

describe("from outside: a moved clock by boto3", () => {
  const sandbox = withSandbox();
  before("move the clock", () => sandbox.admin("POST", "clock", { to: "+12d" }));
  checksOf("clock_checks", () => ({ ...sandbox.env, DAYS_AHEAD: "12" }));
});
