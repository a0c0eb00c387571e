"""How long a request may take: known to all that waits on its behalf."""

import math
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_end: ContextVar[float] = ContextVar("deadline", default=math.inf)


class DeadlineError(Exception):
    """The time is over."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let a block take so long, and no longer than what is around it may."""
    token = _end.set(min(_end.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _end.reset(token)


def remaining() -> float:
    """Give the seconds that are left; infinity where nobody set a limit."""
    return max(0.0, _end.get() - time.monotonic())


def limited(app: "WSGIApplication", seconds: float) -> "WSGIApplication":
    """Give each request so many seconds."""

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        with within(seconds):
            return app(environ, start_response)

    return call
