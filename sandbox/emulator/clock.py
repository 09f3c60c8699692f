"""The sandbox's time in the emulator: what it stamps and what it compares with stamps. Time limits stay on the machine's."""

import datetime
import json
import sys
import time
from importlib import import_module
from types import SimpleNamespace

from mend import expect

_offset = 0.0
# What moves Date in the workers of functions, and the file it reads.
worker = file = None

# Modules that stamp times, by what they call the standard library's.
_MODULES = {
    "core.responses": ("datetime",),
    "services.cloudwatch": ("time", "datetime"),
    "services.cloudwatch_logs": ("time", "datetime"),
    "services.dynamodb": ("time",),
    "services.eventbridge": ("time", "datetime"),
    "services.iam": ("time",),
    "services.kms": ("time",),
    "services.lambda_svc": ("time", "datetime"),
    "services.s3": ("time", "_dt"),
    "services.sns": ("time",),
    "services.sqs": ("time",),
    "services.ssm": ("datetime",),
    "services.stepfunctions": ("time", "datetime"),
    "services.sts": ("time",),
}

# Functions that measure with time.time() how long something takes, a jump is not part of it: the function, its source
# (mend.py), and the name of the code in it that measures.
_MEASURING = {
    "services.lambda_svc": (
        ("_execute_function", "3ceb16d6480a", "_execute_function"),
        ("_invoke", "ab193779e5c2", "_invoke"),
        ("invoke_async_with_retry", "289fe4d3cbd4", "_run"),
    ),
    "services.sqs": (("_act_receive_message", "abc94f693de1", "_act_receive_message"),),
}


def now():
    """Seconds since the epoch."""
    return time.time() + _offset


class _Any(type):
    """Every datetime counts as one of the moved class: modules ask whether a value is a datetime."""

    def __instancecheck__(cls, instance):
        return isinstance(instance, datetime.datetime)


class Moved(datetime.datetime, metaclass=_Any):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.fromtimestamp(now(), tz)

    @classmethod
    def utcnow(cls):
        return datetime.datetime.fromtimestamp(now(), datetime.timezone.utc).replace(tzinfo=None)


def _moved_time(measuring):
    """The module `time`, moved; not so for the functions that measure."""

    def moved():
        return time.time() if sys._getframe(1).f_code.co_name in measuring else now()

    return SimpleNamespace(
        **{
            **vars(time),
            "time": moved,
            "time_ns": lambda: int(now() * 1e9),
            "gmtime": lambda seconds=None: time.gmtime(now() if seconds is None else seconds),
            "localtime": lambda seconds=None: time.localtime(now() if seconds is None else seconds),
            "strftime": lambda form, t=None: time.strftime(form, time.localtime(now()) if t is None else t),
        }
    )


def set_offset(milliseconds):
    """Moves the clock. Messages that are being worked on stay so for as long as they would have."""
    global _offset
    from ministack.services import sqs

    before, _offset = now(), milliseconds / 1000
    for queue in list(sqs._queues._data.values()):
        for message in queue["messages"]:
            if message.get("visible_at", 0) > before:
                message["visible_at"] += now() - before


def mend(settings):
    global worker, file, _offset
    parsed = json.loads(settings)
    worker, file, _offset = parsed["worker"], parsed["file"], parsed["offset"] / 1000
    for name, names in _MODULES.items():
        module = import_module(f"ministack.{name}")
        measuring = set()
        for function, source, inner in _MEASURING.get(name, ()):
            expect(module, function, source)
            measuring.add(inner)
        moved = {
            "time": _moved_time(measuring),
            "datetime": Moved,
            "_dt": SimpleNamespace(**{**vars(datetime), "datetime": Moved}),
        }
        for known in names:
            if getattr(module, known) not in (time, datetime, datetime.datetime):
                raise SystemExit(f"ministack's {name}.{known} is not the standard library's: review sandbox/emulator/clock.py")
            setattr(module, known, moved[known])
