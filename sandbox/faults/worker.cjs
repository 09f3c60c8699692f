"use strict";
// Ends the process of a function when the gateway says so in the head of an answer: the call was made, and nobody hears of
// it. Loaded into the worker of every function before its code; on AWS there is no such thing.

const { subscribe } = require("node:diagnostics_channel");
const { writeSync } = require("node:fs");

// As in sandbox/gateway/spoil.ts.
const HEADER = "x-lockstep-fault";

module.exports = function endWhenAsked() {
  subscribe("http.client.response.finish", (message) => {
    // What Node's documentation says of the channel: the response is an http.IncomingMessage.
    const { response } = /** @type {{ response: import("node:http").IncomingMessage }} */ (message);
    const how = response.headers[HEADER];
    if (how === "timeout") timeOut();
    if (how === "kill" || how === "timeout") process.kill(process.pid, "SIGKILL");
  });
};

/** Says what the emulator says of a function whose time is up, in its own words: it knows the limit's error by them. */
function timeOut() {
  const error = `Task timed out after ${process.env["AWS_LAMBDA_FUNCTION_TIMEOUT"] ?? process.env["_LAMBDA_TIMEOUT"]}.00 seconds`;
  writeSync(process.stdout.fd, `${JSON.stringify({ status: "error", error })}\n`);
}
