import type { SystemName } from "../../kinds/systems.js";

/** Options that every command takes. */
export interface Common {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly env: string;
}

export type Target = "sandbox" | "aws";

export const SANDBOX_VERBS = ["up", "down", "status", "reset", "env", "clock", "fault"] as const;
export type SandboxVerb = (typeof SANDBOX_VERBS)[number];

/** What `sandbox fault` was told; the sandbox says what is wrong with it (docs/sandbox.md). */
export type FaultWish =
  | "list"
  | "clear"
  | { readonly add: Readonly<Record<string, Readonly<Record<string, unknown>>>> };

/** What a person knows of resources whose making was interrupted. */
interface Decided {
  readonly adopt: readonly string[];
  readonly forget: readonly string[];
}

/** What was asked for, with every option checked. */
export type Command = Common &
  (
    | ({ readonly name: "up"; readonly target?: Target; readonly workload: boolean; readonly yes: boolean } & Decided)
    | ({ readonly name: "down"; readonly yes: boolean; readonly purge: boolean } & Decided)
    | { readonly name: "preview"; readonly target?: Target; readonly workload: boolean }
    | ({ readonly name: "refresh" } & Decided)
    | { readonly name: "cancel"; readonly yes: boolean }
    | { readonly name: "envs" }
    | { readonly name: "outputs" }
    | {
        readonly name: "run";
        readonly policy?: string;
        readonly resources: readonly string[];
        readonly wait: boolean;
        readonly yes: boolean;
        readonly timeoutMs: number;
      }
    | { readonly name: "plan"; readonly all: boolean }
    | { readonly name: "approve"; readonly run: string; readonly yes: boolean }
    | {
        readonly name: "adopt";
        readonly policy: string;
        readonly from: readonly SystemName[];
        readonly select?: string;
        readonly yes: boolean;
      }
    | { readonly name: "explain"; readonly point: string }
    | { readonly name: "status" }
    | { readonly name: "alarm" }
    | { readonly name: "doctor"; readonly target?: Target }
    | {
        readonly name: "smoke";
        readonly target?: Target;
        readonly home: string;
        readonly away: string;
        readonly yes: boolean;
        readonly only?: "probes" | "journey";
        readonly out?: string;
      }
    | {
        readonly name: "rights";
        readonly account?: string;
        readonly workload: boolean;
        readonly purge: boolean;
        readonly state?: string;
        readonly key?: string;
        readonly out?: string;
      }
    | {
        readonly name: "sandbox";
        readonly verb: SandboxVerb;
        readonly port?: number;
        readonly official?: boolean;
        /** Where to move the clock. */
        readonly to?: string;
        readonly replay?: boolean;
        /** What is to go wrong. */
        readonly fault?: FaultWish;
      }
  );
