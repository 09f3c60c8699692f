"use strict";
// Ends the program when nobody reads its output any more: the engine is gone. Pulumi's own handler of errors would write each
// failed write into the same closed pipe, and never end.

for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", () => process.kill(process.pid, "SIGKILL"));
}
