import { withSandbox } from "../support/sandbox.js";
import { checksOf } from "./checks.js";

describe("from outside: FSx by boto3", () => {
  const sandbox = withSandbox();
  const copiesTake = (copyMillis: number) => sandbox.admin("POST", "settings", { fsx: { copyMillis } });
  before("let copies be in progress for long enough to be seen so", () => copiesTake(3000));
  checksOf("fsx_checks", () => sandbox.env);
  // All checks have run before the first test tells of its own. The sandbox of other suites is the same one.
  afterEach(() => copiesTake(1500));
});
