"""Rounds: everything once in turn, then again, so that none has all the bad moments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def order(names: Sequence[str], turn: int) -> list[str]:
    """Return ``names`` with another one first in every round."""
    shift = turn % len(names)
    return [*names[shift:], *names[:shift]]


def play(
    contestants: Mapping[str, Callable[[], T]], rounds: int, warm_up: int = 1
) -> dict[str, list[T]]:
    """Measure every contestant once in each round; what comes of the warm-up is thrown away."""
    names = list(contestants)
    measured: dict[str, list[T]] = {name: [] for name in names}
    for turn in range(-warm_up, rounds):
        for name in order(names, turn):
            result = contestants[name]()
            if turn >= 0:
                measured[name].append(result)
    return measured
