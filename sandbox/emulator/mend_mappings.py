"""Event source mappings of queues: batches are gathered for the whole window, and what Lambda would refuse is refused."""

import json
import logging
import threading
import time

import clock
import rights
from mend import expect, replace

logger = logging.getLogger("lockstep.mappings")

# The payload of a synchronous invocation (Lambda developer guide, "Batching behavior").
_PAYLOAD = 6 * 1024 * 1024
# Around a message's body in a record, about.
_ENVELOPE = 1024

# What is understood of CreateEventSourceMapping and UpdateEventSourceMapping, by the kind of source.
_COMMON = {"UUID", "Enabled", "EventSourceArn", "FunctionName", "BatchSize", "FilterCriteria", "Tags"}
_QUEUE = _COMMON | {"MaximumBatchingWindowInSeconds", "FunctionResponseTypes", "ScalingConfig"}
_STREAM = _COMMON | {"StartingPosition", "MaximumRecordAgeInSeconds", "DestinationConfig"}

# The poller is one thread: which mapping it looks at, between its question for room and its taking of messages.
_current = {}


def _forbidden(mapping, *actions):
    """Why the function's role may not use the queue; None when it may. Lambda takes messages with it (Lambda developer
    guide, "Creating and configuring an Amazon SQS event source mapping")."""
    from ministack.services import lambda_svc

    func = lambda_svc._functions.get(mapping["FunctionArn"].split(":")[6])
    return func and _why_not(func["config"], mapping["EventSourceArn"], actions)


def _why_not(config, queue, actions):
    needs = [rights.need(f"sqs:{action}", queue) for action in actions]
    if "ReceiveMessage" in actions:
        fact = rights.in_region(queue.split(":")[3], rights.resource, queue) or {}
        needs += rights.needs_of_key(fact.get("key"), "sqs", "Decrypt")
    region = queue.split(":")[3]
    return rights.why_not(config.get("Role", ""), config["FunctionName"], region, needs, often=True)


class _Gathering:
    """Messages that were taken and wait for their batch to be full, or for the end of its window."""

    def __init__(self, window):
        self.messages = {}
        self.until = time.monotonic() + window

    def add(self, messages):
        self.messages |= {message["id"]: message for message in messages}

    def is_full(self, batch_size):
        size = sum(len(message["body"]) + _ENVELOPE for message in self.messages.values())
        return len(self.messages) >= batch_size or size >= _PAYLOAD


_gathering = {}


def _window(mapping):
    return mapping.get("MaximumBatchingWindowInSeconds") or 0


def _room(original):
    def room(mapping, *args):
        _current["mapping"] = mapping
        return original(mapping, *args)

    return room


def _receive(original):
    """Takes what is there and gives it when the batch is complete: its size is reached, its window over, or it would not
    fit into one invocation (Lambda developer guide, "Batching behavior"). Taken messages are hidden from others, as on
    AWS, and come back when their visibility timeout is over."""

    def receive(queue_url, batch_size):
        from ministack.services import lambda_svc

        mapping = _current["mapping"]
        if _forbidden(mapping, "ReceiveMessage", "GetQueueAttributes"):
            return []
        batch = _gathering.get(mapping["UUID"]) or _Gathering(_window(mapping))
        while not batch.is_full(batch_size):
            # Ten at most, as SQS gives them.
            taken = original(queue_url, batch_size - len(batch.messages))
            if not taken:
                break
            batch.add(taken)
        left = batch.until - time.monotonic()
        if not batch.messages or left <= 0 or batch.is_full(batch_size):
            _gathering.pop(mapping["UUID"], None)
            return list(batch.messages.values())
        if mapping["UUID"] not in _gathering:
            _gathering[mapping["UUID"]] = batch
            timer = threading.Timer(left, lambda_svc._esm_wake.set)
            timer.daemon = True
            timer.start()
        return []

    return receive


def _release(original):
    def release(mapping_id):
        _gathering.pop(mapping_id, None)
        original(mapping_id)

    return release


def _problem(lambda_svc, data, known):
    """What is wrong with a mapping, as code and message; ``known`` is the mapping as it was, empty for a new one."""
    from ministack.services import sqs

    source = known.get("EventSourceArn") or data.get("EventSourceArn") or ""
    is_queue = ":sqs:" in source
    unknown = sorted(name for name in data if data[name] is not None and name not in (_QUEUE if is_queue else _STREAM))
    if unknown:
        return "SandboxUnsupported", f"an event source mapping of {source} with {', '.join(unknown)} is not emulated"
    if not is_queue:
        return None
    wanted = {**known, **{name: value for name, value in data.items() if value is not None}}
    window, size = _window(wanted), wanted.get("BatchSize") or 10
    if not 0 <= window <= 300 or not 1 <= size <= 10_000:
        return "InvalidParameterValueException", f"the window {window} or the batch size {size} is out of range"
    if size > 10 and window == 0:
        return (
            "InvalidParameterValueException",
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
        )
    queue = sqs._queue_by_arn(source)
    if queue is None:
        return "InvalidParameterValueException", f"Error occurred while ReceiveMessage. The queue {source} does not exist."
    if queue.get("is_fifo") and (window or size > 10):
        return "InvalidParameterValueException", "Batching window is not supported for FIFO queues"
    name, qualifier, error = lambda_svc._resolve_existing_esm_function(wanted.get("FunctionName") or "")
    if error:
        return None
    taken = [] if known else [one for one in lambda_svc._esms.values() if (one["EventSourceArn"], one["FunctionName"]) == (source, name)]
    if taken:
        return (
            "ResourceConflictException",
            f'The event source arn (" {source} ") and function (" {name} ") provided mapping already exists. '
            f"Please update or delete the existing mapping with UUID {taken[0]['UUID']}",
        )
    _record, config = lambda_svc._get_func_record_for_qualifier(name, qualifier)
    if config and not known:
        for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
            if _why_not(config, source, (action,)):
                return (
                    "InvalidParameterValueException",
                    f"The function execution role does not have permissions to call {action} on SQS",
                )
    visibility, timeout = int(queue["attributes"].get("VisibilityTimeout", "30")), int((config or {}).get("Timeout", 3))
    if visibility < timeout:
        return (
            "InvalidParameterValueException",
            f"Queue visibility timeout: {visibility} seconds is less than Function timeout: {timeout} seconds",
        )
    return None


def _refusal(lambda_svc, problem):
    return lambda_svc.error_response_json(*problem, 409 if problem[0] == "ResourceConflictException" else 400)


def _create(lambda_svc):
    def make(original):
        def create(data):
            problem = _problem(lambda_svc, data, {})
            return _refusal(lambda_svc, problem) if problem else original(data)

        return create

    return make


def _update(lambda_svc):
    def make(original):
        def update(mapping_id, data):
            known = lambda_svc._esms.get(mapping_id)
            problem = _problem(lambda_svc, data, known) if known else None
            return _refusal(lambda_svc, problem) if problem else original(mapping_id, data)

        return update

    return make


def _failed(answer, batch):
    """The messages of a batch that an answer names as failed, by their ids; None when it is no good, which fails all of
    them (Lambda developer guide, "Handling errors for an SQS event source": success and failure conditions)."""
    if isinstance(answer, str) and answer:
        try:
            answer = json.loads(answer)
        except ValueError:
            return None
    if not answer:
        return set()
    try:
        named = {failure["itemIdentifier"] for failure in answer.get("batchItemFailures") or []}
    except (AttributeError, TypeError, KeyError):
        return None
    return named & {message["id"] for message in batch} if all(named) else None


def _run(lambda_svc):
    def make(_original):
        def run(mapping, function, event, batch, queue_url, queue_name):
            from ministack.services import sqs

            result = lambda_svc._execute_function(function, event)
            reports = "ReportBatchItemFailures" in (mapping.get("FunctionResponseTypes") or [])
            failed = set() if not reports else _failed(result.get("body"), batch)
            if result.get("error") or failed is None:
                # What was taken comes back when its visibility timeout is over.
                mapping["LastProcessingResult"] = "PROBLEM: Function call failed"
                logger.warning("%s failed a batch of %s: %s", mapping["FunctionName"], queue_name, result.get("body"))
                lambda_svc._esm_backoff_until[mapping["UUID"]] = clock.now() + lambda_svc._ESM_BACKOFF_SECONDS
                return
            lambda_svc._esm_backoff_until.pop(mapping["UUID"], None)
            mapping["LastProcessingResult"] = "OK"
            done = {message["receipt_handle"] for message in batch if message["id"] not in failed}
            if not _forbidden(mapping, "DeleteMessage"):
                sqs._delete_messages_for_esm(queue_url, done)

        return run

    return make


def mend():
    from ministack.services import lambda_svc, sqs

    expect(lambda_svc, "_poll_sqs", "e438a6a1e094")
    expect(sqs, "_collect_msgs", "308a6eb1b3d4")
    expect(sqs, "_delete_messages_for_esm", "c1686f29b48b")
    replace(lambda_svc, "_sqs_esm_concurrency", "d3e9d1e865aa", _room)
    replace(lambda_svc, "_release_esm_poll_state", "780cf96ac7f8", _release)
    replace(lambda_svc, "_create_esm", "d351521bb6cd", _create(lambda_svc))
    replace(lambda_svc, "_update_esm", "1b7e0409cb65", _update(lambda_svc))
    replace(lambda_svc, "_run_sqs_batch", "f9bf630aabf3", _run(lambda_svc))
    replace(sqs, "_receive_messages_for_esm", "f230dbcd4974", _receive)
