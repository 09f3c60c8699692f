"use strict";
// Ends the process of a function when the gateway says so in the head of an answer: the call was made, and nobody hears of
// it. Loaded into the worker of every function before its code; on AWS there is no such thing.

const { subscribe } = require("node:diagnostics_channel");

// As in sandbox/gateway/spoil.ts.
const HEADER = "x-lockstep-fault";

module.exports = function endWhenAsked() {
  subscribe("http.client.response.finish", (message) => {
    // What Node's documentation says of the channel: the response is an http.IncomingMessage.
    const { response } = /** @type {{ response: import("node:http").IncomingMessage }} */ (message);
    if (response.headers[HEADER] === "kill") process.kill(process.pid, "SIGKILL");
  });
};
