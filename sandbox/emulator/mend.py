"""Replaces parts of the emulator. Each replacement says which source it was written for, so that an upgrade of the
emulator fails at its start instead of behaving differently."""

import hashlib
import inspect
from importlib.metadata import version

KNOWN_VERSION = "1.5.33"


def expect_version():
    found = version("ministack")
    if found != KNOWN_VERSION:
        raise SystemExit(f"the emulator is ministack {found}; the sandbox is written for {KNOWN_VERSION}")


def expect(owner, name, known):
    """Ends the start unless the function's source is the known one. Returns the function."""
    function = getattr(owner, name)
    found = hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:12]
    if found != known:
        raise SystemExit(f"ministack's {owner.__name__}.{name} has changed (source {found}, known {known}): review its mend")
    return function


def replace(owner, name, known, make):
    """Puts ``make(original)`` in the place of a function whose source is the known one."""
    setattr(owner, name, make(expect(owner, name, known)))


def substitute(text, old, new):
    """Replaces a piece of a script that must be there exactly once."""
    if text.count(old) != 1:
        raise SystemExit(f"ministack's worker script has changed: {text.count(old)} times {old!r}: review its mend")
    return text.replace(old, new)
