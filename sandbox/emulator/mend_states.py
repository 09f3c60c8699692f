"""Step Functions: time limits, retry delays, ends that stop the work, idempotent starts, error names."""

import contextvars
import json
import random
import threading
import time

import clock
import counting
import rights
from mend import expect, replace

# Payloads between states hold at most 256 KiB (Step Functions developer guide, "Service quotas").
_PAYLOAD_LIMIT = 262144
# An inline Map runs at most 40 items at once (developer guide, "Using Map state in Inline mode").
_MAP_CONCURRENCY = 40

_execution = contextvars.ContextVar("lockstep_execution", default=None)
_callback = contextvars.ContextVar("lockstep_callback", default=None)


class _Ended(BaseException):
    """The execution was stopped, timed out or forgotten: its thread has nothing left to do. Not an Exception, so that no
    Catch of the state machine takes it for a failed task."""


def _quiet(hook):
    return lambda args: None if args.exc_type is _Ended else hook(args)


def _machine(execution):
    return execution["stateMachineArn"].rsplit(":", 1)[-1] if execution else "states.amazonaws.com"


def _run_execution(sfn):
    def make(original):
        def run(arn):
            execution = sfn._executions.get(arn)
            _execution.set(execution)
            machine = sfn._state_machines.get(execution["stateMachineArn"]) if execution else None
            limit = json.loads(machine["definition"]).get("TimeoutSeconds") if machine else None
            timer = None
            if limit is not None:
                timer = threading.Timer(limit, contextvars.copy_context().run, (_time_out, sfn, execution))
                timer.daemon = True
                timer.start()
            try:
                original(arn)
            except _Ended:
                pass
            finally:
                if timer:
                    timer.cancel()

        return run

    return make


def _time_out(sfn, execution):
    if execution["status"] != "RUNNING":
        return
    execution.update(status="TIMED_OUT", stopDate=sfn.now_iso(), error="States.Timeout")
    sfn._add_event(execution, "ExecutionTimedOut", {"executionTimedOutEventDetails": {"error": "States.Timeout"}})
    sfn._emit_execution_status_event(execution)


def _fail_execution(original):
    """What ended stays ended: a task that fails later does not turn a stopped execution into a failed one."""

    def fail(execution, error, cause):
        if execution["status"] == "RUNNING":
            original(execution, error, cause)

    return fail


def _scaled_sleep(sfn):
    """Waits by the sandbox's clock, which may jump."""

    def make(_original):
        def sleep(seconds):
            execution = _execution.get()
            until = clock.now() + seconds * sfn._SFN_WAIT_SCALE
            while (left := until - clock.now()) > 0:
                _check_running(execution)
                time.sleep(min(left, 0.1))
            _check_running(execution)

        return sleep

    return make


def _check_running(execution):
    if execution and execution["status"] != "RUNNING":
        raise _Ended(execution["status"])


def _find_retrier(sfn):
    """Waits as the retrier says: MaxDelaySeconds caps the delay, JitterStrategy FULL takes a random part of it
    (developer guide, "Handling errors in Step Functions workflows"). The caller's own wait is then nothing."""

    def make(original):
        def find(retriers, error, counts):
            retrier, index = original(retriers, error, counts)
            if retrier is None or _execution.get() is None:
                return retrier, index
            delay = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** counts.get(index, 0)
            delay = min(delay, retrier.get("MaxDelaySeconds", delay))
            sfn._scaled_sleep(random.uniform(0, delay) if retrier.get("JitterStrategy") == "FULL" else delay)
            return {**retrier, "IntervalSeconds": 0}, index

        return find

    return make


def _start_execution(sfn):
    """Starting a running execution again with the same name and input returns it (StartExecution API reference)."""

    def make(original):
        def start(data):
            arn = sfn._resolve_state_machine_arn(data.get("stateMachineArn", ""))
            if arn and data.get("name"):
                running = sfn._executions.get(f"{arn.replace(':stateMachine:', ':execution:', 1)}:{data['name']}")
                if running and running["status"] == "RUNNING" and running["input"] == data.get("input", "{}"):
                    return sfn.json_response(
                        {"executionArn": running["executionArn"], "startDate": running["startDate"]}
                    )
            return original(data)

        return start

    return make


def _call_lambda(sfn):
    def make(original):
        def call(func_ref, event):
            execution = _execution.get()
            _check_running(execution)
            counting.count("lambda", "Invoke", sfn.get_region(), _machine(execution))
            try:
                _require(sfn, execution, "lambda", "Invoke", {"FunctionName": func_ref}, "Lambda.AWSLambdaException")
                result = original(func_ref, event)
            except sfn._ExecutionError as error:
                raise _fail_callback(sfn, _throttled(sfn, error)) from None
            return result

        return call

    return make


def _require(sfn, execution, service, action, parameters, error):
    """Tasks are done as the machine's role (Step Functions developer guide, "Creating an IAM role for your state machine"
    and "Handling errors": States.Permissions; of Lambda's error the name is from the field)."""
    machine = sfn._state_machines.get(execution["stateMachineArn"]) if execution else None
    if machine is None:
        return
    name = action[:1].upper() + action[1:]
    problem = rights.why_no_call(
        machine["roleArn"], machine["name"], sfn.get_region(), counting.signing_name(service), name, parameters
    )
    if problem:
        raise sfn._ExecutionError(error, problem)


def _throttled(sfn, error):
    """AWS names a throttled function's error after Lambda's exception."""
    if error.error == "Lambda.Unknown" and "TooManyRequestsException" in str(error.cause):
        return sfn._ExecutionError("Lambda.TooManyRequestsException", error.cause)
    return error


def _fail_callback(sfn, error):
    """A function that throws fails its .waitForTaskToken state at once; the emulator would wait on."""
    token = _callback.get()
    pending = sfn._task_tokens.get(token) if token else None
    if pending:
        pending["error"] = {"Error": error.error, "Cause": error.cause}
        pending["event"].set()
    return error


def _with_callback(original):
    def invoke(resource, input_data, token, state_def):
        previous = _callback.set(token)
        try:
            return original(resource, input_data, token, state_def)
        finally:
            _callback.reset(previous)

    return invoke


def _invoke_resource(sfn):
    def make(original):
        def invoke(resource, input_data):
            _check_running(_execution.get())
            parts = resource.split(":")
            if resource.startswith("arn:aws:states:::") and "lambda:invoke" not in resource:
                service, action = parts[-2:]
                action = action.split(".")[0]
                counting.count(service, action, sfn.get_region(), _machine(_execution.get()))
                _require(sfn, _execution.get(), service, action, input_data, "States.Permissions")
            result = original(resource, input_data)
            if len(json.dumps(result).encode()) > _PAYLOAD_LIMIT:
                raise sfn._ExecutionError(
                    "States.DataLimitExceeded",
                    f"The state/task '{resource}' returned a result with a size exceeding the maximum number of "
                    "bytes service limit.",
                )
            return result

        return invoke

    return make


def _reset(sfn):
    """Forgets executions only after ending them: their threads see it and stop."""

    def make(original):
        def reset():
            end_executions()
            original()

        return reset

    return make


def end_executions():
    from ministack.services import stepfunctions as sfn

    for execution in list(sfn._executions._data.values()):
        if execution["status"] == "RUNNING":
            execution.update(status="ABORTED", stopDate=sfn.now_iso())


def mend():
    from concurrent.futures import ThreadPoolExecutor

    from ministack.services import stepfunctions as sfn

    for name, known in (("_execute_task", "53c818d247db"), ("_run_map_items", "5df19a8074ce"), ("_sleep_until", "2738e0a4030c")):
        expect(sfn, name, known)
    replace(sfn, "_run_execution", "996dff84e0e0", _run_execution(sfn))
    replace(sfn, "_fail_execution", "e6da895fa0b7", _fail_execution)
    replace(sfn, "_scaled_sleep", "5ed19df2efa9", _scaled_sleep(sfn))
    replace(sfn, "_find_matching_retrier", "cb494ae8503c", _find_retrier(sfn))
    replace(sfn, "_start_execution", "9923282fc76c", _start_execution(sfn))
    replace(sfn, "_call_lambda", "25830369b126", _call_lambda(sfn))
    replace(sfn, "_invoke_with_callback", "bbb38423156a", _with_callback)
    replace(sfn, "_invoke_resource", "a85d2be9a858", _invoke_resource(sfn))
    replace(sfn, "reset", "80aa7bd9644d", _reset(sfn))
    threading.excepthook = _quiet(threading.excepthook)
    sfn.ThreadPoolExecutor = lambda max_workers: ThreadPoolExecutor(min(max_workers, _MAP_CONCURRENCY))
