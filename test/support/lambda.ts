import {
  AddPermissionCommand,
  CreateFunctionCommand,
  type LambdaClient,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { build } from "esbuild";
import { zip } from "../../sandbox/provider/calls/zip.js";
import { ROLE } from "./sandbox.js";

/** Makes a function of one CommonJS file. Returns its ARN. */
export async function makeFunction(lambda: LambdaClient, name: string, code: string): Promise<string> {
  const ZipFile = await zip([{ name: "index.js", data: Buffer.from(code), executable: false }]);
  const { FunctionArn = "" } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Role: ROLE,
      Timeout: 10,
      Code: { ZipFile },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 10, minDelay: 1 }, { FunctionName: name });
  return FunctionArn;
}

/** Lets EventBridge invoke the function, as AWS demands. */
export async function permitEvents(lambda: LambdaClient, name: string): Promise<void> {
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: name,
      StatementId: "events",
      Action: "lambda:InvokeFunction",
      Principal: "events.amazonaws.com",
    }),
  );
}

/** Bundles a handler written in this file's terms, with the packages it imports, as one CommonJS file. */
export async function bundleLambda(source: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: __dirname, loader: "ts" },
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}
