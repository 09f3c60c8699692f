import type { Harness } from "./harness.js";

interface Report {
  readonly statements: readonly {
    readonly role: string;
    readonly sid: string;
    readonly used: Readonly<Record<string, number>>;
  }[];
  readonly denied: readonly { readonly message: string }[];
}

/** Statements that days without trouble do not use, by duty and Sid, and why they are there all the same. */
const UNUSED: Readonly<Record<string, string>> = {
  "state-machine DeliverLogs":
    "CloudWatch's log delivery asks for them when a machine is made, and the sandbox writes no such log",
  "schedules WriteDeadLetters": "only what a schedule could not deliver",
  "schedules UseKey": "the same, encrypted",
  "trigger WriteDeadLetters": "only what the trigger failed on",
  "make UseKeys": "only for volumes under a key of one's own: AWS's key for EBS admits everybody who may use EBS",
  "make GrantKeys": "the same",
  "make ReadEc2": "only where a claim is held, or the survey is too old to stand for the look-up",
  ...Object.fromEntries(
    ["survey", "plan", "make", "delete", "record"].map((duty) => [
      `${duty} MissObjects`,
      "only when an object is missing: a run was cut short, or somebody emptied the bucket; it is then said to be missing",
    ]),
  ),
  "make FsxRead": "the same for FSx",
  "make FsxUseKeys":
    "only for file systems under a key of one's own: AWS's key for FSx admits everybody who may use FSx",
  "make FsxGrantKeys": "the same",
  "record WriteRefused": "only what AWS said that it never does",
  "record TellPeople": "only when there is trouble",
  "record UseKey": "the same, encrypted",
};

// The admin API's own answer (docs/sandbox.md).
const report = async (t: Harness): Promise<Report> => (await t.request("GET", "permissions")) as Report;

/** Calls that were denied. */
export const deniedCalls = async (t: Harness): Promise<string[]> =>
  (await report(t)).denied.map(({ message }) => message);

/** What is wrong with the rights of a deployment: calls that were denied, and statements that nothing used. */
export async function wrongRights(t: Harness, deployment: string): Promise<string[]> {
  const { statements } = await report(t);
  const unused = statements.filter(
    ({ role, used }) => role.startsWith(`${deployment}-`) && Object.keys(used).length === 0,
  );
  const named = unused.map(({ role, sid }) => `${role.replace(/^.*-\d-/, "")} ${sid}`);
  return [
    ...(await deniedCalls(t)),
    ...named.filter((one) => UNUSED[one] === undefined).map((one) => `nothing used ${one}`),
  ];
}
