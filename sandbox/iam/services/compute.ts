import { type Asked, json, type Need, type Needs, notJudged, text } from "../call.js";

/** The rights that a call of Lambda needs. Only invoking has another name in IAM. */
export function lambdaNeeds(asked: Asked, needs: Needs): Need[] {
  const { action, path } = asked;
  if (action === "ListFunctions") return [needs.need("lambda:ListFunctions", "*")];
  const named = /\/functions\/([^/]+)/.exec(path)?.[1];
  if (named === undefined) throw notJudged(asked);
  const reference = decodeURIComponent(named);
  const arn = reference.startsWith("arn:") ? reference : needs.arn("lambda", `function:${reference}`);
  return [
    needs.guarded(
      `lambda:${action === "Invoke" ? "InvokeFunction" : action}`,
      arn,
      arn.split(":").slice(0, 7).join(":"),
    ),
  ];
}

/** Actions of Step Functions that know no resource. */
const ANYWHERE: readonly string[] = [
  "ListStateMachines",
  "ListActivities",
  "SendTaskSuccess",
  "SendTaskFailure",
  "SendTaskHeartbeat",
];

/** The rights that a call of Step Functions needs. */
export function statesNeeds(asked: Asked, needs: Needs): Need[] {
  const { action } = asked;
  const { stateMachineArn, executionArn } = json(asked);
  if (ANYWHERE.includes(action)) return [needs.need(`states:${action}`, "*")];
  const arn = text(stateMachineArn ?? executionArn);
  if (arn === "") throw notJudged(asked);
  return [needs.need(`states:${action}`, arn)];
}
