/** Nothing that we start outlives us, whatever ends us: `kill -9` too, which no handler of ours can see. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../context.mjs";

/**
 * Ends a program that was started with `detached`, and all of its session, when this process is gone or calls what this returns.
 * What makes a session of its own, as the sandbox does, is not in it.
 * @param {import("node:child_process").ChildProcess} child
 * @returns {() => void}
 */
export function keep({ pid }) {
  if (pid === undefined) return () => undefined;
  const keeper = spawn("/bin/sh", [join(ROOT, "setup", "processes", "keeper.sh"), String(pid)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  keeper.on("error", () => undefined);
  keeper.stdin.on("error", () => undefined);
  keeper.unref();
  // A pipe to a child is a socket, whatever the types say.
  /** @type {import("node:net").Socket} */ (keeper.stdin).unref();
  return () => void keeper.stdin.end();
}

/** How often we look whether npm is still there, in milliseconds. */
const LOOK = 1_000;

/** Ends this process when npm, which started it, is gone. One who starts us by hand may go: `nohup` is for that. */
export function endWithNpm() {
  if (process.env["npm_package_json"] !== join(ROOT, "package.json")) return;
  const starter = process.ppid;
  // npm starts a script through a shell, which outlives it.
  const npm = isShell(starter) ? parentOf(starter) : undefined;
  const look = () => {
    if (process.ppid !== starter || (npm !== undefined && parentOf(starter) !== npm)) process.exit(1);
  };
  setInterval(look, LOOK).unref();
}

/** Whether a process is a shell that carries out one line. Where there is no /proc, shells are replaced by what they start. @param {number} pid */
function isShell(pid) {
  return read(`/proc/${pid}/cmdline`)?.split("\0")[1] === "-c";
}

/** @param {number} pid @returns {string | undefined} */
function parentOf(pid) {
  // proc(5): the fields after the name in brackets are state, parent, …
  return read(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, "")
    .split(" ")[1];
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
