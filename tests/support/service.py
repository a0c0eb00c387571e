"""A service in a process of its own, its logs, and its end."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO, Any

from tests.support.accounts import Account
from tests.support.http import Api, answers
from tests.support.ports import free_port
from tests.support.processes import family, kill, kill_group, resident_mib
from tests.support.stacks import Argv, Stack
from tests.support.waiting import eventually

LogLine = dict[str, Any]


@dataclass(frozen=True)
class Exit:
    """How a process ended, and how long that took from the signal on."""

    code: int
    seconds: float


class Service:
    """A running process that serves HTTP on ``port``."""

    def __init__(
        self, account: Account, argv: Argv, cwd: Path, environment: Mapping[str, str], port: int
    ) -> None:
        self.port = port
        self.api = Api(port)
        self.out: list[str] = []
        self.err: list[str] = []
        self._signalled = 0.0
        self._process = account.start(argv, cwd, environment)
        self._readers = [
            Thread(target=_collect, args=pair, daemon=True)
            for pair in ((self._process.stdout, self.out), (self._process.stderr, self.err))
        ]
        for reader in self._readers:
            reader.start()

    @property
    def pid(self) -> int:
        """The first process, which leads the group."""
        return self._process.pid

    @property
    def output(self) -> str:
        """Everything written so far."""
        return "".join((*self.out, *self.err))

    def wait_until_live(self, within: float = 30) -> None:
        """Return once it answers; fail with what it wrote when it ends before that."""
        eventually(self.answers_or_ended, what="the service answers", within=within)
        assert not self.ended, f"it ended at once:\n{self.output[-4000:]}"

    @property
    def ended(self) -> bool:
        """Whether the first process has ended."""
        return self._process.poll() is not None

    def answers_or_ended(self) -> bool:
        """Tell whether it is live, or never will be."""
        return self.ended or answers(self.port)

    def logs(self) -> list[LogLine]:
        """Return standard output, every line of which has to be a JSON object."""
        lines = [json.loads(line) for line in self.out[:] if line.endswith("\n")]
        assert all(isinstance(line, dict) for line in lines)
        return lines

    def logs_of(self, request_id: str) -> list[LogLine]:
        """Wait for the log of one request and return it."""
        return eventually(
            lambda: [line for line in self.logs() if line.get("request_id") == request_id],
            what=f"a log line with request_id {request_id}",
        )

    def memory_mib(self) -> float:
        """Return the memory of the whole process group."""
        return resident_mib(self.pid)

    def signal(self, number: int = signal.SIGTERM) -> None:
        """Send a signal to the first process, as a container runtime does."""
        self._signalled = time.monotonic()
        self._process.send_signal(number)

    def wait(self, within: float = 20) -> Exit:
        """Wait for its end after ``signal``."""
        try:
            code = self._process.wait(within)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it still runs after {within:g} s:\n{self.output}") from None
        return Exit(code, time.monotonic() - self._signalled)

    def stop(self) -> Exit:
        """Send SIGTERM and wait for the end."""
        self.signal()
        return self.wait()

    def clean_up(self) -> None:
        """Leave nothing that it started, however the test went."""
        started = family(self.pid)
        kill_group(self.pid)
        self._process.wait(10)
        kill(started)
        for reader in self._readers:
            reader.join(10)
        for stream in (self._process.stdout, self._process.stderr):
            assert stream is not None
            stream.close()


def _collect(stream: IO[str], lines: list[str]) -> None:
    lines.extend(iter(stream.readline, ""))


@contextmanager
def launched(
    account: Account, argv: Argv, cwd: Path, variables: Mapping[str, str]
) -> Iterator[Service]:
    """Start ``argv`` on a free port and yield it once it is live."""
    port = free_port()
    environment = account.environment(**{**variables, "PORT": str(port)})
    service = Service(account, argv, cwd, environment, port)
    try:
        service.wait_until_live()
        yield service
    finally:
        service.clean_up()


@dataclass(frozen=True)
class Installed:
    """An installed and built repository, ready to start services from."""

    stack: Stack
    account: Account
    root: Path

    def settings(self, database_url: str, **variables: str) -> dict[str, str]:
        """Return the variables of a production service that drains at once."""
        return {
            self.stack.mode_variable: "production",
            "HOST": "127.0.0.1",
            "DATABASE_URL": database_url,
            "DRAIN_SECONDS": "0",
            **dict(self.stack.own_settings),
            **variables,
        }

    @contextmanager
    def service(self, database_url: str, **variables: str) -> Iterator[Service]:
        """Yield a live production service."""
        settings = self.settings(database_url, **variables)
        with launched(self.account, self.stack.start, self.root, settings) as service:
            yield service

    def refuse(self, **variables: str) -> subprocess.CompletedProcess[str]:
        """Start with settings that must be refused and return how it ended."""
        base = {self.stack.mode_variable: "production", "HOST": "127.0.0.1"}
        base |= dict(self.stack.own_settings)
        settings = {**base, "PORT": str(free_port()), **variables}
        return self.account.attempt(self.stack.start, self.root, settings, within=20)

    def migrate(self, database_url: str) -> subprocess.CompletedProcess[str]:
        """Bring a database up to date."""
        return self.account.run(self.stack.migrate, self.root, self.settings(database_url))
