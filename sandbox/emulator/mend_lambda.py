"""Lambda: error names, warm workers that survive an error, credentials that name the function, exact logs."""

import json
import os
import queue
import threading
import time

import clock
import rights
from mend import expect, replace, substitute

# What a handler threw stays apart from the worker's own state, so that the worker is not killed for it. AWS reports
# `error.name` and the stack's lines, and the type of what was thrown when it is no Error (Lambda developer guide,
# "Errors and exceptions in Node.js").
_FAILURE = """const _failure = (thrown) => thrown instanceof Error
  ? { errorType: thrown.name, errorMessage: thrown.message, trace: String(thrown.stack || "").split("\\n") }
  : { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
const _endOfLog = () => _stderrWrite("\\u0000\\n");
"""

# A bundle that lacks a module must fail here as on AWS, whatever packages lie in the folders above. The AWS SDK is part
# of the Node.js runtimes (developer guide, "Building Lambda functions with Node.js").
_OWN_MODULES = """const _resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, parent, ...rest) {
  const found = _resolveFilename.call(this, request, parent, ...rest);
  const inside = (file) => typeof file === "string" && file.startsWith(__dirname + path.sep);
  if (path.isAbsolute(found) && !inside(found) && inside(parent && parent.filename) && !/^@(aws-sdk|smithy)\\//.test(request)) {
    throw Object.assign(new Error(`Cannot find module '${request}'`), { code: "MODULE_NOT_FOUND" });
  }
  return found;
};
"""

_END_OF_LOG = "\0"
_failure = threading.local()


def _mend_script(script):
    script = substitute(
        script,
        'const Module = require("module");\n',
        'const Module = require("module");\n' + _OWN_MODULES,
    )
    script = substitute(
        script,
        "const _stderrWrite = process.stderr.write.bind(process.stderr);\n",
        "const _stderrWrite = process.stderr.write.bind(process.stderr);\n" + _FAILURE,
    )
    script = substitute(
        script,
        'status: "error", error: String(err.message || err), trace: err.stack || ""',
        'status: "ok", failure: _failure(err)',
    )
    script = substitute(script, 'status: "error", error: e.message, trace: e.stack', 'status: "ok", failure: (_endOfLog(), _failure(e))')
    script = substitute(
        script,
        "        settled = true;\n",
        "        settled = true;\n        _endOfLog();\n",
    )
    # The time left goes by the machine's clock, the rest by the sandbox's.
    script = substitute(script, "_msDeadline = Date.now() +", "_msDeadline = performance.now() +")
    script = substitute(script, "_msDeadline - Date.now()", "Math.ceil(_msDeadline - performance.now())")
    preload = f"require({json.dumps(os.environ['LOCKSTEP_FAULTS_WORKER'])})();"
    script = f"require({json.dumps(clock.worker)})({json.dumps(clock.file)});{preload}\n{script}"
    # A handler that rejects with nothing, or calls back with a falsy error on purpose, still failed or succeeded
    # as Node's own runtime sees it: only a rejection is always an error.
    return substitute(
        script,
        "err => settle(err))",
        'err => settle(err === undefined || err === null || err === "" || err === 0 || err === false'
        " ? Object.assign(new Error(String(err)), { name: typeof err }) : err))",
    )


def _invoke(original):
    def invoke(self, *args, **kwargs):
        response = original(self, *args, **kwargs)
        _failure.value = response.get("failure")
        if _failure.value:
            return {**response, "status": "error", "error": _failure.value["errorMessage"]}
        if response.get("error") in ("Worker process died", "Worker returned no response"):
            # AWS: "RequestId: ... Error: Runtime exited with error: exit status 1".
            message = "Error: Runtime exited with error: exit status 1"
            _failure.value = {"errorType": "Runtime.ExitError", "errorMessage": message}
        return response

    return invoke


def _execute(original):
    def execute(func, event, request_id):
        _failure.value = None
        result = original(func, event, request_id)
        if result.get("error") and _failure.value:
            result["body"] = _failure.value
            result["log"] = "\n".join(filter(None, [result.get("log"), *_failure.value.get("trace", [])]))
        return result

    return execute


def _drain(original):
    """The log of one invocation ends with a mark, so neither a fixed wait nor a guess is needed."""

    def drain(self, *args, **kwargs):
        if not self.config.get("Runtime", "").startswith("nodejs"):
            return original(self, *args, **kwargs)
        lines, deadline = [], time.monotonic() + 0.25
        while (left := deadline - time.monotonic()) > 0:
            try:
                line = self._stderr_queue.get(timeout=left)
            except queue.Empty:
                break
            if line == _END_OF_LOG:
                break
            lines.append(line)
        return "\n".join(lines)

    return drain


def _credentials(lambda_runtime, sts):
    """Each function has an access key of its own, which names it and its region to the gateway."""

    def credentials(original):
        def named(config):
            account, region = lambda_runtime._account_region_from_function_config(config)
            name = config["FunctionName"]
            role = config.get("Role", "").rsplit("/", 1)[-1]
            key = f"LAMBDA-{name}.{region}"
            sts.register_session(
                key,
                {
                    "Arn": f"arn:aws:sts::{account}:assumed-role/{role}/{name}",
                    "UserId": f"{role}:{name}",
                    "SecretAccessKey": "sandbox",
                    "SessionToken": "sandbox",
                },
            )
            return {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": "sandbox", "AWS_SESSION_TOKEN": "sandbox"}

        return named

    return credentials


def _log(original):
    """Lambda writes logs as the function's role: without the rights there are none (Lambda developer guide, "Sending
    Lambda function logs to CloudWatch Logs")."""

    def log(func, *args, **kwargs):
        from ministack.services import cloudwatch_logs

        config = func.get("config") or func
        _arn, _partition, _lambda, region, account, *_rest = config["FunctionArn"].split(":")
        group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config['FunctionName']}"
        arn = f"arn:aws:logs:{region}:{account}:log-group:{group}:log-stream:"
        actions = ["CreateLogStream", "PutLogEvents"]
        if group not in cloudwatch_logs._log_groups:
            actions.insert(0, "CreateLogGroup")
        needs = [rights.need(f"logs:{action}", arn) for action in actions]
        if rights.why_not(config.get("Role", ""), config["FunctionName"], region, needs, often=True) is None:
            original(func, *args, **kwargs)

    return log


# What a failed event needs to reach its destination (Lambda developer guide, "Capturing records of Lambda asynchronous
# invocations": required permissions).
_DESTINATIONS = {
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "lambda": "lambda:InvokeFunction",
    "events": "events:PutEvents",
}


def _route_failure(lambda_svc):
    """Failed events are sent on as the function's role; what it may not do is lost."""

    def make(original):
        def route(target_arn, func_name, *args):
            config = lambda_svc._functions[func_name]["config"]
            service, region = target_arn.split(":")[2:4]
            needs = [rights.need(_DESTINATIONS.get(service, f"{service}:Unknown"), target_arn)]
            if service in ("sqs", "sns"):
                fact = rights.in_region(region, rights.resource, target_arn) or {}
                needs += rights.needs_of_key(fact.get("key"), service, "GenerateDataKey", "Decrypt")
            if rights.why_not(config.get("Role", ""), func_name, region, needs) is None:
                original(target_arn, func_name, *args)

        return route

    return make


def mend():
    from ministack.core import lambda_runtime
    from ministack.services import lambda_svc, sts

    lambda_runtime._NODEJS_WORKER_SCRIPT = _mend_script(lambda_runtime._NODEJS_WORKER_SCRIPT)
    worker = lambda_runtime.Worker
    expect(worker, "_spawn", "c55febf95656")
    replace(worker, "invoke", "96751a754710", _invoke)
    replace(worker, "_drain_stderr_bounded", "3fd7cc742872", _drain)
    replace(lambda_svc, "_execute_function_warm", "62b9218bef5b", _execute)
    replace(lambda_svc, "_emit_lambda_logs", "111efbf06968", _log)
    replace(lambda_svc, "_route_async_failure", "c023331e333f", _route_failure(lambda_svc))
    replace(lambda_runtime, "execution_credentials", "cffaadc4f396", _credentials(lambda_runtime, sts))
