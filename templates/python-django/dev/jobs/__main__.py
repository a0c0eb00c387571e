"""Run the service and a worker for development: with their database, reloading on change."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dev.__main__ import MIGRATE, serve
from dev.run import database

WORK = f'"{sys.executable}" manage.py worker'


@contextmanager
def worker() -> Iterator[None]:
    """Have a worker run, a new one after each change."""
    if subprocess.run(MIGRATE, check=False).returncode:
        sys.exit(1)
    folders = [str(path) for path in Path().iterdir() if path.is_dir() and path.name[0] != "."]
    watch = [sys.executable, "-m", "watchfiles", "--verbosity", "warning", "--filter", "python"]
    process = subprocess.Popen([*watch, "--sigint-timeout", "10", WORK, *folders])
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt), database(), worker():
        serve()
