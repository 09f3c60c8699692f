import { approveAll, waitingIn } from "../../../automation/commands/approve.js";
import { surveyAll } from "../../../functions/lib/survey.js";
import { writeApproval } from "../../../functions/store/approvals.js";
import { makeLedger } from "../../../functions/store/ledger.js";
import { ebsBackend } from "../../../kinds/ebs/aws/backend.js";
import { RULES } from "../../../kinds/rules.js";
import type { Frame } from "../frame.js";
import type { TroubleOf } from "../scenario.js";
import { ec2Client } from "./ec2.js";
import { Invocation } from "./invocation.js";
import type { Stack } from "./stack.js";

/** Where a person sits whom nothing befalls. */
interface Desk {
  readonly frame: Frame;
  readonly stacks: readonly Stack[];
  readonly wake: () => void;
}

/** `lockstep approve` of all that waits in the estate of a primary: the same survey, plan and approval. */
export async function approveWaiting(
  primary: Stack,
  slip: TroubleOf<"lower">,
  { frame, stacks, wake }: Desk,
): Promise<void> {
  const { cloud, dice, engine, watch } = frame;
  const { spec } = primary;
  const id = `person at ${spec.name} ${engine.now}`;
  const invocation = new Invocation(id, { engine, dice, blow: () => undefined, wake });
  const run = { stack: spec, began: engine.now, unknown: new Set<string>(), policies: new Set<string>() };
  const memories = await Promise.all(stacks.map(({ table }) => makeLedger(table).memory()));
  const client = (region: string) => ec2Client({ cloud, run, region, invocation, isSurvey: false });
  const { region } = spec.settings;
  const [world] = await surveyAll({
    backends: { ebs: ebsBackend({ region, reading: client, creating: client(region) }) },
    settings: primary.config.now,
    requests: [],
    memory: { announced: memories.flatMap(({ announced }) => announced) },
    now: engine.now,
    rules: RULES,
  });
  if (world === undefined) return;
  await approveAll(waitingIn([world]), [world], {
    approve: async ({ name, ...approval }) => {
      const role = approval.region === world.home ? "primary" : "dr";
      const stack = stacks.find(
        (one) => one.spec.settings.region === approval.region && one.spec.settings.role === role,
      );
      if (stack === undefined || cloud.weather.isOut(approval.region)) return;
      await writeApproval(stack.table, name, approval);
      watch.approved(approval, slip);
      stack.callers.approved();
    },
  });
}
