"""Work that several test processes share and only one of them does."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest


def run_folder(factory: pytest.TempPathFactory) -> Path:
    """Return the folder that all workers of this run have in common."""
    base = factory.getbasetemp()
    return base.parent if base.name.startswith("popen-") else base


def once(folder: Path, work: Callable[[], None]) -> None:
    """Do ``work`` for ``folder`` unless it is done; who comes meanwhile waits."""
    done = folder.with_name(f"{folder.name}.done")
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            work()
            done.touch()
