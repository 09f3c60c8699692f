import { type ActionSource, lambdaAction, s3Action } from "./rest-actions.js";

/** The API action of a request, for counts and messages. */
export function actionOf(source: ActionSource): string {
  const target = source.headers["x-amz-target"];
  if (typeof target === "string") return target.split(".").at(-1) ?? target;
  const operation = /^\/service\/[^/]+\/operation\/([^/]+)$/.exec(source.path)?.[1];
  if (operation) return operation;
  if (source.service === "lambda") return lambdaAction(source.method, source.path);
  if (source.service === "s3") return s3Action(source);
  const form = source.headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  const action = form ? new URLSearchParams(source.body?.toString("utf8")).get("Action") : undefined;
  return action ?? source.query.get("Action") ?? `${source.method} ${source.path}`;
}
