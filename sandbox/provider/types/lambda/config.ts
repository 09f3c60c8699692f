import type { CreateFunctionCommandInput, FunctionConfiguration, Runtime } from "@aws-sdk/client-lambda";
import type { Context } from "../../resource/resource.js";
import {
  archive,
  boolean,
  list,
  map,
  number,
  object,
  oneOf,
  string,
  tagged,
  type Values,
} from "../../resource/schema.js";

export const INPUTS = {
  architectures: list(string(), { computed: true }),
  code: archive({ required: true }),
  deadLetterConfig: object({ targetArn: string({ required: true }) }),
  description: string(),
  environment: object({ variables: map() }),
  ephemeralStorage: object({ size: number({ default: 512 }) }, { computed: true }),
  handler: string({ required: true }),
  kmsKeyArn: string(),
  layers: list(string()),
  loggingConfig: object(
    {
      applicationLogLevel: string(),
      logFormat: string({ required: true, check: oneOf("JSON", "Text") }),
      logGroup: string({ computed: true }),
      systemLogLevel: string(),
    },
    { computed: true },
  ),
  memorySize: number({ default: 128 }),
  name: string({ required: true, replace: true }),
  packageType: string({ default: "Zip", replace: true, check: oneOf("Zip") }),
  publish: boolean({ default: false }),
  reservedConcurrentExecutions: number({ default: -1 }),
  role: string({ required: true }),
  runtime: string({ required: true }),
  skipDestroy: boolean({ default: false }),
  timeout: number({ default: 3 }),
  tracingConfig: object(
    { mode: string({ required: true, check: oneOf("Active", "PassThrough") }) },
    { computed: true },
  ),
  ...tagged,
};
export type Inputs = Values<typeof INPUTS>;

/** What both the create and the update call take. */
export function configuration(inputs: Inputs): Omit<CreateFunctionCommandInput, "Code"> & { FunctionName: string } {
  const { environment, loggingConfig, ephemeralStorage, deadLetterConfig, tracingConfig } = inputs;
  return {
    FunctionName: inputs.name,
    Role: inputs.role,
    Handler: inputs.handler,
    // The SDK lists the values it knows; Lambda judges the rest.
    Runtime: inputs.runtime as Runtime,
    Description: inputs.description ?? "",
    MemorySize: inputs.memorySize,
    Timeout: inputs.timeout,
    KMSKeyArn: inputs.kmsKeyArn,
    Environment: { Variables: { ...environment?.variables } },
    Layers: [...(inputs.layers ?? [])],
    ...(ephemeralStorage ? { EphemeralStorage: { Size: ephemeralStorage.size } } : {}),
    ...(deadLetterConfig ? { DeadLetterConfig: { TargetArn: deadLetterConfig.targetArn } } : {}),
    ...(tracingConfig ? { TracingConfig: { Mode: tracingConfig.mode === "Active" ? "Active" : "PassThrough" } } : {}),
    ...(loggingConfig ? { LoggingConfig: logging(loggingConfig) } : {}),
  };
}

function logging(config: NonNullable<Inputs["loggingConfig"]>): CreateFunctionCommandInput["LoggingConfig"] {
  // The SDK lists the levels it knows; Lambda judges the rest.
  type Logging = NonNullable<CreateFunctionCommandInput["LoggingConfig"]>;
  return {
    LogFormat: config.logFormat === "JSON" ? "JSON" : "Text",
    LogGroup: config.logGroup,
    ApplicationLogLevel: config.applicationLogLevel as Logging["ApplicationLogLevel"],
    SystemLogLevel: config.systemLogLevel as Logging["SystemLogLevel"],
  };
}

/** What Lambda says of a function, in the provider's words. */
export function seen(context: Context, config: FunctionConfiguration) {
  const { FunctionArn: arn = "", LoggingConfig: logs, Environment, Version: version } = config;
  const unqualified = arn.split(":").slice(0, 7).join(":");
  const invoke = (target: string) =>
    `arn:${context.partition}:apigateway:${context.region}:lambda:path/2015-03-31/functions/${target}/invocations`;
  const qualifiedArn = `${unqualified}:${version}`;
  return {
    name: config.FunctionName,
    role: config.Role,
    handler: config.Handler,
    runtime: config.Runtime,
    description: config.Description,
    memorySize: config.MemorySize,
    timeout: config.Timeout,
    kmsKeyArn: config.KMSKeyArn,
    packageType: config.PackageType ?? "Zip",
    architectures: config.Architectures ?? ["x86_64"],
    layers: config.Layers?.map(({ Arn }) => Arn),
    environment: { variables: { ...Environment?.Variables } },
    ephemeralStorage: { size: config.EphemeralStorage?.Size ?? 512 },
    deadLetterConfig: config.DeadLetterConfig?.TargetArn && { targetArn: config.DeadLetterConfig.TargetArn },
    tracingConfig: { mode: config.TracingConfig?.Mode ?? "PassThrough" },
    loggingConfig: {
      logFormat: logs?.LogFormat ?? "Text",
      logGroup: logs?.LogGroup ?? `/aws/lambda/${config.FunctionName}`,
      applicationLogLevel: logs?.ApplicationLogLevel,
      systemLogLevel: logs?.SystemLogLevel,
    },
    arn: unqualified,
    qualifiedArn,
    invokeArn: invoke(unqualified),
    qualifiedInvokeArn: invoke(qualifiedArn),
    codeSha256: config.CodeSha256,
    sourceCodeHash: config.CodeSha256,
    sourceCodeSize: config.CodeSize,
    lastModified: config.LastModified,
    version,
  };
}
