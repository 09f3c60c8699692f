type Fields = Readonly<Record<string, unknown>>;

const ANY = ["Type", "Comment", "QueryLanguage"];
const GOES_ON = [...ANY, "Next", "End"];
const IN_OUT = ["InputPath", "OutputPath"];
const MENDS = ["Retry", "Catch"];

/** What the emulator's interpreter honours, by query language and type of state. */
const FIELDS: Readonly<Record<"JSONPath" | "JSONata", Readonly<Record<string, readonly string[]>>>> = {
  JSONPath: {
    Pass: [...GOES_ON, ...IN_OUT, "ResultPath", "Parameters", "Result"],
    Task: [...GOES_ON, ...IN_OUT, ...MENDS, "Resource", "Parameters", "ResultSelector", "ResultPath", "TimeoutSeconds"],
    Choice: [...ANY, ...IN_OUT, "Choices", "Default"],
    Wait: [...GOES_ON, ...IN_OUT, "Seconds", "SecondsPath", "Timestamp", "TimestampPath"],
    Succeed: [...ANY, ...IN_OUT],
    Fail: [...ANY, "Error", "ErrorPath", "Cause", "CausePath"],
    Parallel: [...GOES_ON, ...IN_OUT, ...MENDS, "Branches", "Parameters", "ResultSelector", "ResultPath"],
    Map: [
      ...[...GOES_ON, ...IN_OUT, ...MENDS, "ItemProcessor", "Iterator", "ItemsPath", "ItemSelector", "Parameters"],
      ...["MaxConcurrency", "ResultSelector", "ResultPath"],
    ],
  },
  JSONata: {
    Pass: [...GOES_ON, "Output", "Assign"],
    Task: [...GOES_ON, ...MENDS, "Resource", "Arguments", "Output", "Assign", "TimeoutSeconds"],
    Choice: [...ANY, "Choices", "Default", "Assign"],
    Wait: [...GOES_ON, "Seconds", "Timestamp", "Output", "Assign"],
    Succeed: ANY,
    Fail: [...ANY, "Error", "Cause"],
    Map: [...GOES_ON, ...MENDS, "Items", "ItemProcessor", "ItemSelector", "MaxConcurrency", "Output", "Assign"],
  },
};

const DISTRIBUTED = ["ItemReader", "Label", "ToleratedFailurePercentage", "ToleratedFailureCount"];
const MACHINE = ["Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version"];
const BRANCH = ["Comment", "ProcessorConfig", "StartAt", "States"];
const RETRIER = [
  "Comment",
  "ErrorEquals",
  "IntervalSeconds",
  "MaxAttempts",
  "BackoffRate",
  "MaxDelaySeconds",
  "JitterStrategy",
];
const CATCHER = ["Comment", "ErrorEquals", "Next"];
const READER = ["Resource", "Parameters", "ReaderConfig"];
const READER_CONFIG = [
  "InputType",
  "MaxItems",
  "MaxItemsPath",
  "CSVHeaderLocation",
  "CSVHeaders",
  "CSVDelimiter",
  "Transformation",
];

/** Tasks that are run: optimised integrations, and `aws-sdk` ones of services that are wholly the emulator's. */
const OPTIMISED = [
  /^lambda:invoke(\.waitForTaskToken)?$/,
  /^sqs:sendMessage(\.waitForTaskToken)?$/,
  /^sns:publish(\.waitForTaskToken)?$/,
  /^events:putEvents(\.waitForTaskToken)?$/,
  /^dynamodb:(get|put|update|delete)Item$/,
  /^states:startExecution(\.sync(:2)?|\.waitForTaskToken)?$/,
];
const SDK_SERVICES = [
  "dynamodb",
  "sfn",
  "cloudwatchlogs",
  "eventbridge",
  "kms",
  "sqs",
  "sns",
  "iam",
  "sts",
  "cloudwatch",
  "s3",
  "lambda",
];

/** The first thing in a valid definition that would be ignored or not run, in words. */
export function findUnsupported(definition: Fields): string | undefined {
  return others(definition, MACHINE, "the state machine") ?? inStates(definition, languageOf(definition) ?? "JSONPath");
}

function inStates(machine: Fields, language: "JSONPath" | "JSONata"): string | undefined {
  for (const [name, state] of entries(machine["States"])) {
    const problem = inState(name, state, languageOf(state) ?? language);
    if (problem) return problem;
  }
  return undefined;
}

function inState(name: string, state: Fields, language: "JSONPath" | "JSONata"): string | undefined {
  const type = String(state["Type"]);
  const where = `the state ${name}`;
  const distributed = isDistributed(state);
  if (language === "JSONata" && (type === "Parallel" || distributed)) {
    return `${where} is a ${distributed ? "distributed Map" : type} with JSONata; use JSONPath there`;
  }
  const known = [...(FIELDS[language][type] ?? []), ...(distributed ? DISTRIBUTED : [])];
  return (
    others(state, known, where) ??
    (type === "Task" ? inTask(state, where) : undefined) ??
    inMends(state, language, where) ??
    (distributed ? inReader(state["ItemReader"], where) : undefined) ??
    inBranches(state, language, where)
  );
}

function inBranches(state: Fields, language: "JSONPath" | "JSONata", where: string): string | undefined {
  const branches = [...list(state["Branches"]), ...list(state["ItemProcessor"]), ...list(state["Iterator"])];
  for (const branch of branches) {
    const problem = others(branch, BRANCH, `a branch of ${where}`) ?? inStates(branch, language);
    if (problem) return problem;
  }
  return undefined;
}

function inTask(state: Fields, where: string): string | undefined {
  if (state["TimeoutSeconds"] !== undefined && typeof state["TimeoutSeconds"] !== "number") {
    return `${where} has a TimeoutSeconds that is no number`;
  }
  const resource = String(state["Resource"]);
  if (/^arn:aws:lambda:[^:]+:\d{12}:function:/.test(resource)) return undefined;
  if (/^arn:aws:states:[^:]+:\d{12}:activity:/.test(resource)) return undefined;
  const integration = resource.replace("arn:aws:states:::", "");
  const [, service] = /^aws-sdk:([a-z0-9]+):[A-Za-z0-9]+$/.exec(integration) ?? [];
  if (service !== undefined) {
    return SDK_SERVICES.includes(service)
      ? undefined
      : `${where} calls ${integration}: tasks do not reach that service`;
  }
  return OPTIMISED.some((pattern) => pattern.test(integration)) ? undefined : `${where} has the resource ${resource}`;
}

function inMends(state: Fields, language: "JSONPath" | "JSONata", where: string): string | undefined {
  const catcher = [...CATCHER, ...(language === "JSONata" ? ["Output", "Assign"] : ["ResultPath"])];
  for (const retrier of list(state["Retry"])) {
    const problem = others(retrier, RETRIER, `Retry of ${where}`);
    if (problem) return problem;
  }
  for (const one of list(state["Catch"])) {
    const problem = others(one, catcher, `Catch of ${where}`);
    if (problem) return problem;
  }
  return undefined;
}

function inReader(reader: unknown, where: string): string | undefined {
  for (const one of list(reader)) {
    const config = list(one["ReaderConfig"])[0] ?? {};
    const { InputType: type = "JSON" } = config;
    if (!/:s3:(getObject|listObjectsV2)$/.test(String(one["Resource"])))
      return `ItemReader of ${where} has the resource ${one["Resource"]}`;
    if (type !== "JSON" && type !== "JSONL" && type !== "CSV") {
      return `ItemReader of ${where} reads ${JSON.stringify(type)}`;
    }
    return others(one, READER, `ItemReader of ${where}`) ?? others(config, READER_CONFIG, `ReaderConfig of ${where}`);
  }
  return undefined;
}

function isDistributed(state: Fields): boolean {
  const [processor] = list(state["ItemProcessor"] ?? state["Iterator"]);
  return list(processor?.["ProcessorConfig"])[0]?.["Mode"] === "DISTRIBUTED";
}

function languageOf(fields: Fields): "JSONPath" | "JSONata" | undefined {
  const language = fields["QueryLanguage"];
  return language === "JSONPath" || language === "JSONata" ? language : undefined;
}

function others(fields: Fields, known: readonly string[], where: string): string | undefined {
  const unknown = Object.keys(fields).find((name) => !known.includes(name));
  return unknown === undefined ? undefined : `${where} has ${unknown}, which it would ignore`;
}

/** An object or a list of objects, as a list. */
function list(value: unknown): readonly Fields[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((one): one is Fields => typeof one === "object" && one !== null);
}

function entries(value: unknown): readonly (readonly [string, Fields])[] {
  const [states = {}] = list(value);
  return Object.entries(states).flatMap(([name, state]) => list(state).map((one): [string, Fields] => [name, one]));
}
