"use strict";
// Moves `Date` in the process that requires it: what the launcher has the worker of every function do first. Deployed code
// looks at plain `Date`. Timers, `performance.now()` and `process.hrtime()` stay as they are, as do time limits.

const { openSync, readSync } = require("node:fs");

const BYTES = 8;

/**
 * @param {string} file says how far the clock is ahead (clock.ts); read each time, so that a move reaches warm workers at once
 */
module.exports = function moveDate(file) {
  const fd = openSync(file, "r");
  const bytes = Buffer.alloc(BYTES);
  const RealDate = globalThis.Date;
  const machinesNow = RealDate.now;
  const now = () => {
    readSync(fd, bytes, 0, BYTES, 0);
    return machinesNow() + bytes.readDoubleLE(0);
  };
  const MovedDate = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    // Called without `new` it tells the time as text, whatever it is given.
    apply: () => new RealDate(now()).toString(),
  });
  Object.defineProperty(RealDate, "now", { value: now, writable: true, configurable: true, enumerable: false });
  Object.defineProperty(RealDate.prototype, "constructor", { value: MovedDate, writable: true, configurable: true });
  globalThis.Date = MovedDate;
};
