"""CloudWatch metrics in logs: lines in the embedded metric format become metric data, as on AWS."""

import json
import logging
from importlib.util import find_spec

from mend import replace

logger = logging.getLogger("lockstep.metrics")

# CloudWatch user guide, "Specification: Embedded metric format".
_MAX_DIMENSIONS = 30
_MAX_METRICS = 100
_MAX_VALUES = 100


class _Malformed(Exception):
    """What is wrong with a line. CloudWatch takes no metric from it and says so in a metric of its own."""


def _list(value, what, most):
    if not isinstance(value, list) or len(value) > most:
        raise _Malformed(f"{what} is not a list of at most {most}")
    return value


def _text(value, what):
    if not isinstance(value, str) or not value:
        raise _Malformed(f"{what} is not a text")
    return value


def _values(root, name):
    values = root.get(name)
    for value in _list(values if isinstance(values, list) else [values], name, _MAX_VALUES):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise _Malformed(f"{name} is not a number")
        yield float(value)


def _data(line):
    """(namespace, name, value, unit, dimensions, timestamp) of each value in a line; nothing for other lines."""
    if not line.startswith("{") or '"_aws"' not in line:
        return
    try:
        root = json.loads(line)
    except ValueError:
        return
    meta = root.get("_aws")
    if not isinstance(meta, dict) or "CloudWatchMetrics" not in meta:
        return
    at = meta.get("Timestamp")
    if isinstance(at, bool) or not isinstance(at, (int, float)):
        raise _Malformed("_aws.Timestamp is not a number of milliseconds")
    for directive in _list(meta["CloudWatchMetrics"], "_aws.CloudWatchMetrics", _MAX_METRICS):
        namespace = _text(directive.get("Namespace"), "Namespace")
        sets = [
            {_text(key, "a dimension"): _text(root.get(key), key) for key in _list(keys, "a dimension set", _MAX_DIMENSIONS)}
            for keys in _list(directive.get("Dimensions"), "Dimensions", _MAX_METRICS)
        ]
        for metric in _list(directive.get("Metrics"), "Metrics", _MAX_METRICS):
            name = _text(metric.get("Name"), "the name of a metric")
            for value in _values(root, name):
                for dimensions in sets:
                    yield namespace, name, value, metric.get("Unit", "None"), dimensions, at / 1000


def _publish(cloudwatch, events):
    found = False
    for event in events:
        try:
            data = list(_data(event["message"]))
        except _Malformed as problem:
            logger.warning("a metric in a log line is malformed: %s: %s", problem, event["message"])
            continue
        for namespace, name, value, unit, dimensions, at in data:
            cloudwatch._store_datum(namespace, name, dimensions, at, unit, value, None, None, None)
            found = True
    if found:
        cloudwatch._evaluate_all_alarms()


def _append_log_events(cloudwatch):
    def make(original):
        def append(stream, events):
            original(stream, events)
            _publish(cloudwatch, events)

        return append

    return make


def _cbor_text(text):
    data = text.encode()
    return b"\x79" + len(data).to_bytes(2, "big") + data


def _refuse_cbor(original):
    """Without cbor2 the emulator would take such a request for an empty one. The answer is a CBOR map of two texts (RFC
    8949), so that the caller can read it."""

    async def handle(method, path, headers, body, query_params):
        if "cbor" not in headers.get("content-type", "") + headers.get("smithy-protocol", ""):
            return await original(method, path, headers, body, query_params)
        error = {"__type": "SandboxUnsupported", "message": "CloudWatch requests in CBOR: use the JSON or query protocol"}
        texts = b"".join(_cbor_text(key) + _cbor_text(value) for key, value in error.items())
        return 400, {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}, b"\xa2" + texts

    return handle


def mend():
    from ministack.services import cloudwatch, cloudwatch_logs

    if find_spec("cbor2") is None:
        replace(cloudwatch, "handle_request", "0e8a6c92a042", _refuse_cbor)

    replace(cloudwatch_logs, "_append_log_events", "e47cae7a15a4", _append_log_events(cloudwatch))
