"""An update that ends in the middle, as when the machine loses its power."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from scaffold.update import place, switch
from tests.update.conftest import Shop

STOPPED = 9


def cut_off(work: Callable[[], object], moves: int, *, marked: bool = False) -> None:
    """Do `work`, an update or its undoing, up to so many moves; or up to where git was told."""
    child = os.fork()
    if child:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == STOPPED
        return
    try:
        _stop_after(moves, marked)
        work()
    finally:
        os._exit(1)


def update_cut_off(shop: Shop, moves: int = 3, *, marked: bool = False) -> None:
    """Begin an update of a project, and end in the middle."""
    cut_off(shop.update, moves, marked=marked)


def _stop_after(moves: int, marked: bool) -> None:
    real = switch.Switch._move

    def move(
        self: switch.Switch, files: Iterable[switch.Moved], finish: Callable[[], None]
    ) -> None:
        if marked:
            real(self, files, finish)
        real(self, list(files)[:moves], _stop)

    switch.Switch._move = move  # type: ignore[method-assign]
    vars(place)["keep"] = lambda _: _stop()
    vars(switch)["out_of_reach"] = lambda work: work()


def _stop() -> None:
    os._exit(STOPPED)
