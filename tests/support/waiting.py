"""Waiting for something to become true, instead of sleeping and hoping."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
INTERVAL = 0.02


def eventually(look: Callable[[], T | None], *, what: str, within: float = 10.0) -> T:
    """Return the first true value of ``look``; fail, saying ``what``, when none comes in time."""
    deadline = time.monotonic() + within
    while not (found := look()):
        assert time.monotonic() < deadline, f"{what}: not within {within:g} s"
        time.sleep(INTERVAL)
    return found
