"""A private, real PostgreSQL for development and tests: nothing to install, no Docker."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from dev.binaries import Programs

HOST = "127.0.0.1"
THROW_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
SECONDS_TO_START = 30


def _lock(file: IO[bytes]) -> bool:
    """Take the lock that the system gives back however its owner ends, or fail."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _ready(data: Path) -> tuple[int, int] | None:
    """Give process id and port of the server that is up in this folder."""
    with suppress(FileNotFoundError, ValueError, PermissionError):
        lines = (data / "postmaster.pid").read_text().splitlines()
        if len(lines) >= 8 and lines[7].strip() == "ready":
            return int(lines[0]), int(lines[3])
    return None


def _answers(pid_file: Path) -> bool:
    """Say whether a server listens where these notes of one say that it does."""
    with suppress(IndexError, ValueError, OSError):
        port = int(pid_file.read_text().splitlines()[3])
        socket.create_connection((HOST, port), timeout=1).close()
        return True
    return False


def _inherit(pid_file: Path) -> None:
    """Put our process id in the place of that of a server which is no more.

    PostgreSQL would not start as long as any process has the old one; of its own parent it
    knows that it is no server.
    """
    notes = pid_file.read_text().splitlines()
    # Without the last line, which says that the server is ready.
    pid_file.write_text("\n".join([str(os.getpid()), *notes[1:7], ""]))


def _url(port: int) -> str:
    return f"postgresql://postgres@{HOST}:{port}/postgres"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(data: Path, server: "subprocess.Popen[bytes] | None", log: Path) -> int:
    """Wait until a server is up (ours, if we started one), and give its port."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if server and server.poll() is not None:
            break
        # An old file may lie there still: its process is not ours.
        if (up := _ready(data)) and (server is None or up[0] == server.pid):
            return up[1]
        time.sleep(0.02)
    sys.exit(f"PostgreSQL did not start; see {log}")


def _initialise(programs: Programs, data: Path) -> None:
    # The same sorting on every system.
    locale = ["--locale=C"]
    if programs.major >= 17:
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    # In a folder of its own first, so that one that is cut short is not taken for whole.
    new = data.with_name("new")
    shutil.rmtree(new, ignore_errors=True)
    programs.run(
        "initdb", "-D", new, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-sync", *locale
    )
    new.rename(data)


def _prepare(programs: Programs, data: Path) -> None:
    version = data / "PG_VERSION"
    if not data.exists():
        _initialise(programs, data)
    elif (major := version.read_text().strip()) != str(programs.major):
        sys.exit(
            f"{data} was made by PostgreSQL {major}, and this is {programs.major}. "
            "Remove the folder, and the data with it, or name the other's programs in PG_BINDIR."
        )
    elif _answers(notes := data / "postmaster.pid"):
        # Its owner was killed: it is nobody's now.
        with suppress(RuntimeError):
            programs.run("pg_ctl", "-D", data, "-m", "fast", "-w", "stop")
    elif notes.exists():
        _inherit(notes)


def _stop(programs: Programs, data: Path, server: "subprocess.Popen[bytes]") -> None:
    if os.name == "nt":
        programs.run("pg_ctl", "-D", data, "-m", "fast", "-w", "stop")
    else:
        server.send_signal(signal.SIGINT)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()


@contextmanager
def postgres(directory: Path, *, throw_away: bool = False) -> Iterator[str]:
    """Run a server with its data in `directory`, and give its URL.

    Where one runs already for somebody else, that one is used, and left running.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    data, log = directory / "data", directory / "postgres.log"
    with ExitStack() as cleanup:
        if not _lock(cleanup.enter_context((directory / "lock").open("ab"))):
            yield _url(_wait(data, None, log))
            return
        programs = Programs(cleanup)
        programs.own(directory)
        _prepare(programs, data)
        settings = [f"listen_addresses={HOST}", "unix_socket_directories=", f"port={_free_port()}"]
        settings += THROW_AWAY if throw_away else ()
        options = [word for setting in settings for word in ("-c", setting)]
        with log.open("ab") as output:
            server = programs.start(output, "-D", data, *options)
        try:
            yield _url(_wait(data, server, log))
        finally:
            _stop(programs, data, server)
