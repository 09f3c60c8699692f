import { join } from "node:path";
import type { ClockState, SandboxStatus } from "../sandbox/control.js";
import type { SandboxVerb } from "./cli/model.js";
import { CommandProblem, messageOf } from "./cli/outcome.js";
import { duration } from "./cli/tables.js";
import type { Places } from "./deploy/envs.js";
import type { Sandbox, SandboxChoices } from "./estate/deps.js";

const START_ADVICE = "Start it with `lockstep sandbox up`.";

/** The sandbox whose state lies beside the environments. */
export function localSandbox(places: Places): Sandbox {
  const stateDir = join(places.home, "sandbox");
  const load = () => import("../sandbox/control.js");
  return {
    async variables() {
      const control = await load();
      const now = await control.status({ stateDir });
      if (now.state === "stuck") throw new CommandProblem("failed", stuckText(now.pid));
      return now.state === "up" ? control.environment(now.info) : undefined;
    },
    async command(verb, choices) {
      const control = await load();
      try {
        return await VERBS[verb](control, stateDir, choices);
      } catch (error) {
        if (error instanceof control.BadMove) throw new CommandProblem("usage", messageOf(error), { cause: error });
        if (error instanceof control.SandboxError)
          throw new CommandProblem("failed", messageOf(error), { cause: error });
        throw error;
      }
    },
  };
}

type Control = typeof import("../sandbox/control.js");
type Verb = (control: Control, stateDir: string, choices?: SandboxChoices) => Promise<{ data: unknown; text: string }>;

const VERBS: Readonly<Record<SandboxVerb, Verb>> = {
  up: async (control, stateDir, { port, official } = {}) => {
    const before = await control.status({ stateDir });
    const info = await control.up({
      stateDir,
      ...(port === undefined ? {} : { port }),
      ...(official === undefined ? {} : { official }),
    });
    const verb = before.state === "up" ? "was up already" : "is up";
    return { data: { state: "up", ...info }, text: `The sandbox ${verb} at ${info.endpoint}.` };
  },
  down: async (control, stateDir) => {
    const ended = await control.down({ stateDir });
    return {
      data: { state: "down", ended },
      text: ended ? "The sandbox is down. Its state stays." : "No sandbox was up.",
    };
  },
  status: async (control, stateDir) => {
    const now = await control.status({ stateDir });
    return { data: now, text: statusText(now) };
  },
  reset: async (control, stateDir) => {
    const isUp = await control.reset({ stateDir });
    const text = isUp
      ? "The sandbox has forgotten everything."
      : "The sandbox, which is down, has forgotten everything.";
    return { data: { state: isUp ? "up" : "down", reset: true }, text };
  },
  env: async (control, stateDir) => {
    const now = await control.status({ stateDir });
    if (now.state !== "up") throw new CommandProblem("refused", `${statusText(now)} ${START_ADVICE}`);
    const variables = control.environment(now.info);
    const lines = Object.entries(variables).map(
      ([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`,
    );
    return { data: variables, text: lines.join("\n") };
  },
  clock: async (control, stateDir, { to, replay = false } = {}) => {
    const before = await control.clock({ stateDir });
    if (to === undefined) return { data: before, text: clockText(before) };
    // Looked at here too: what is wrong with it is the command line's.
    control.targetOf(to, Date.parse(before.now));
    const after = await control.moveClock({ to, replay }, { stateDir });
    const fired = after.fired.map(({ schedule, at }) => `  ${at} ${schedule}`);
    const left = fired.length - MOST_SHOWN;
    return {
      data: after,
      text: [
        clockText(after),
        fired.length === 0 ? "No schedule fired." : "Schedules that fired, and when they were due:",
        ...fired.slice(0, MOST_SHOWN),
        ...(left > 0 ? [`  and ${left} more`] : []),
      ].join("\n"),
    };
  },
  fault: async (control, stateDir, { fault = "list" } = {}) => {
    const list = await control.faults(fault, { stateDir });
    const lines = [...list.calls, ...list.events, ...list.endings].map((one) => `  ${JSON.stringify(one)}`);
    const text = lines.length === 0 ? "Nothing goes wrong on purpose." : ["What goes wrong:", ...lines].join("\n");
    return { data: list, text };
  },
};

const MOST_SHOWN = 20;

const clockText = ({ now, offsetMs }: ClockState): string =>
  offsetMs === 0
    ? `In the sandbox it is ${now}, as on this machine.`
    : `In the sandbox it is ${now}, ${duration(roughly(offsetMs / 1000))} ahead of this machine.`;

/** A jump to a time is some milliseconds less than the span that people think of. */
const roughly = (seconds: number): number => (seconds < 60 ? seconds : Math.round(seconds / 60) * 60);

function statusText(now: SandboxStatus): string {
  switch (now.state) {
    case "up":
      return `The sandbox is up at ${now.info.endpoint} (process ${now.info.pid}); emulator: ${now.emulator}. ${clockText(now.clock)}`;
    case "down":
      return "The sandbox is down.";
    case "stuck":
      return stuckText(now.pid);
  }
}

const stuckText = (pid: number): string =>
  `The sandbox (process ${pid}) does not answer. It may still be starting; if not, \`lockstep sandbox down\` ends it.`;
