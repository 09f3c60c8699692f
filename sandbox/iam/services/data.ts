import { type Asked, json, type Need, type Needs, notJudged, objects, text } from "../call.js";

const ITEM_ACTIONS: readonly string[] = [
  ...["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "DescribeTable", "DescribeTimeToLive"],
];

/** Parts of a transaction, by the right that each needs (DynamoDB developer guide, "Managing complex workflows with transactions"). */
const PARTS: Readonly<Record<string, string>> = {
  Get: "GetItem",
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
};

/** The rights that a call of DynamoDB needs. */
export function dynamodbNeeds(asked: Asked, needs: Needs): Need[] {
  const { action } = asked;
  const body = json(asked);
  const on = (right: string, table: unknown): Need => needs.need(`dynamodb:${right}`, tableArn(needs, text(table)));
  if (ITEM_ACTIONS.includes(action)) {
    const index = body["IndexName"] === undefined ? "" : `/index/${text(body["IndexName"])}`;
    return [needs.need(`dynamodb:${action}`, tableArn(needs, text(body["TableName"])) + index)];
  }
  if (action === "BatchGetItem" || action === "BatchWriteItem") {
    return Object.keys(objects([body["RequestItems"]])[0] ?? {}).map((table) => on(action, table));
  }
  if (action === "TransactWriteItems" || action === "TransactGetItems") {
    return objects(body["TransactItems"]).flatMap((item) =>
      Object.entries(PARTS).flatMap(([part, right]) =>
        objects([item[part]]).map(({ TableName }) => on(right, TableName)),
      ),
    );
  }
  if (action === "ListTables") return [needs.need("dynamodb:ListTables", "*")];
  throw notJudged(asked);
}

const tableArn = (needs: Needs, table: string): string =>
  table.startsWith("arn:") ? table : needs.arn("dynamodb", `table/${table}`);

/** The rights that a call of CloudWatch Logs needs. */
export function logsNeeds(asked: Asked, needs: Needs): Need[] {
  const { logGroupName, logStreamName } = json(asked);
  const group = needs.arn("logs", `log-group:${text(logGroupName)}`);
  const stream = `${group}:log-stream:${text(logStreamName)}`;
  switch (asked.action) {
    case "CreateLogStream":
    case "PutLogEvents":
    case "GetLogEvents":
      return [needs.need(`logs:${asked.action}`, stream)];
    case "CreateLogGroup":
    case "DescribeLogStreams":
    case "FilterLogEvents":
      return [needs.need(`logs:${asked.action}`, `${group}:log-stream:`)];
    case "DescribeLogGroups":
      return [needs.need("logs:DescribeLogGroups", "*")];
    default:
      throw notJudged(asked);
  }
}

/** The rights that a call of Parameter Store needs. */
export function ssmNeeds(asked: Asked, needs: Needs): Need[] {
  const { Name, Names, Path } = json(asked);
  if (asked.action === "DescribeParameters") return [needs.need("ssm:DescribeParameters", "*")];
  const named = [Name ?? Path ?? Names ?? []].flat().map(text);
  if (named.length === 0) throw notJudged(asked);
  return named.map((name) =>
    needs.need(`ssm:${asked.action}`, needs.arn("ssm", `parameter/${name.replace(/^\//, "")}`)),
  );
}

/** The rights that a call of CloudWatch needs: what we use of it knows no resources. */
export function monitoringNeeds(asked: Asked, needs: Needs): Need[] {
  const { action } = asked;
  if (!/^(PutMetricData|GetMetric(Data|Statistics)|ListMetrics)$/.test(action)) throw notJudged(asked);
  return [needs.need(`cloudwatch:${action}`, "*")];
}
