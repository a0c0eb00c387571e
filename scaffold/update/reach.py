"""Do something in a process of its own, which no signal to this one reaches."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress


def out_of_reach(work: Callable[[], None]) -> str | None:
    """Do `work` where no signal to this process interrupts it; return why it failed, if it did."""
    signals = [
        getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
    ]
    before = [signal.signal(number, signal.SIG_IGN) for number in signals]
    try:
        return _in_child(work) if sys.platform != "win32" else _failure(work)
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


def _in_child(work: Callable[[], None]) -> str | None:
    """Fork: should this process be killed, the child goes on to the end."""
    reading, writing = os.pipe()
    if child := os.fork():
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8", errors="replace") as said:
            why = said.read()
        return None if os.waitpid(child, 0)[1] == 0 else why
    os.setsid()
    failure = _failure(work)
    with suppress(OSError):  # nobody may be there to hear it
        os.write(writing, (failure or "").encode("utf-8", "replace"))
    os._exit(0 if failure is None else 1)


def _failure(work: Callable[[], None]) -> str | None:
    """Return why `work` failed, as far as that can be said; None when it did not."""
    try:
        work()
    except OSError as error:
        return ": ".join(str(it) for it in (error.strerror, error.filename) if it)
    except BaseException as error:  # nothing may get past the end of the child
        return str(error).rstrip(".")
    return None
