"""Looking at running processes, with nothing but ``ps``."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.waiting import eventually


@dataclass(frozen=True)
class Process:
    """One line of ``ps``."""

    pid: int
    parent: int
    group: int
    resident_kib: int
    state: str
    command: str

    @property
    def ended(self) -> bool:
        """Whether only its entry is left, until its parent asks for it."""
        return self.state.startswith("Z")


def all_processes() -> list[Process]:
    """Return every process but those of our own children that have ended."""
    columns = "pid=,ppid=,pgid=,rss=,stat=,args="
    listing = subprocess.run(
        ["ps", "-A", "-ww", "-o", columns],
        capture_output=True,
        check=True,
        encoding="utf-8",
        errors="replace",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )
    rows = (line.split(None, 5) for line in listing.stdout.splitlines())
    found = (
        Process(int(row[0]), int(row[1]), int(row[2]), int(row[3]), row[4], row[5])
        for row in rows
        if len(row) == 6
    )
    return [process for process in found if not (process.ended and process.parent == os.getpid())]


def family(pid: int, folder: Path | None = None) -> list[Process]:
    """Return the process ``pid`` and everything it started, directly or not.

    With ``folder``, also whatever names it on its command line: what was started and let go.
    """
    processes = all_processes()
    members = {pid} | {p.pid for p in processes if folder and str(folder) in p.command}
    grown = True
    while grown:
        more = {p.pid for p in processes if p.parent in members} - members
        members |= more
        grown = bool(more)
    return [process for process in processes if process.pid in members]


def alive(processes: Iterable[Process]) -> list[Process]:
    """Return those of ``processes`` that still exist."""
    wanted = {process.pid: process.command for process in processes}
    return [
        now
        for now in all_processes()
        if now.pid in wanted and (now.ended or wanted[now.pid] == now.command)
    ]


def wait_until_gone(processes: Iterable[Process], within: float = 15) -> None:
    """Return once none of ``processes`` is there any more; fail naming those that stay.

    What has ended and only waits for PID 1 to ask for it, which in a container may never happen, is
    given the same time, and no blame.
    """
    watched = list(processes)
    with suppress(AssertionError):
        eventually(lambda: not alive(watched), what="all are gone", within=within)
    left = [
        f"{process.pid} {process.command}"
        for process in alive(watched)
        if not (process.ended and process.parent == 1)
    ]
    assert not left, f"still there after {within:g} s: {left}"


def kill(processes: Iterable[Process]) -> None:
    """End those of ``processes`` that still run, at once, and wait until they are gone."""
    victims = alive(processes)
    for victim in victims:
        with suppress(ProcessLookupError):
            os.kill(victim.pid, signal.SIGKILL)
    wait_until_gone(victims)


def resident_mib(group: int) -> float:
    """Return the memory a whole process group has in RAM."""
    return sum(p.resident_kib for p in all_processes() if p.group == group) / 1024


def kill_group(group: int, signal_number: int = signal.SIGKILL) -> None:
    """Send a signal to a process group, if it still exists."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal_number)
