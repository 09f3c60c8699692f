"""Counts the API calls that Step Functions makes inside the emulator, which the gateway cannot see."""

import threading

# Step Functions' names of services where they differ from the name in a request's signature.
_SIGNING_NAMES = {
    "sfn": "states",
    "eventbridge": "events",
    "cloudwatch": "monitoring",
    "cloudwatchlogs": "logs",
}

_lock = threading.Lock()
_counts = {}


def signing_name(service):
    """A service of a state machine's task, by its name in signatures."""
    return _SIGNING_NAMES.get(service, service)


def count(service, action, region, caller):
    key = (signing_name(service), action[:1].upper() + action[1:], region, caller)
    with _lock:
        _counts[key] = _counts.get(key, 0) + 1


def rows():
    with _lock:
        return [
            {"service": s, "action": a, "region": r, "caller": c, "count": n} for (s, a, r, c), n in _counts.items()
        ]


def reset():
    with _lock:
        _counts.clear()
