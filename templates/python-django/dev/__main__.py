"""Run the service for development: with its database, reloading on change."""

import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from watchfiles import PythonFilter, watch

from dev.run import database

MIGRATE = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
SERVE = [sys.executable, "-m", "config.server"]
# Templates are read once, as in production.
WATCHED = PythonFilter(extra_extensions=(".html", ".txt"))


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _folders() -> list[Path]:
    return [path for path in Path().iterdir() if path.is_dir() and not path.name.startswith(".")]


def serve() -> None:
    """Migrate and serve; serve anew after each change, while PostgreSQL runs on."""
    if subprocess.run(MIGRATE, check=False).returncode:
        sys.exit(1)
    while True:
        process = subprocess.Popen(SERVE)
        try:
            changes = next(watch(*_folders(), watch_filter=WATCHED, raise_interrupt=True))
        finally:
            _stop(process)
        print("Changed:", *sorted(path for _, path in changes), file=sys.stderr)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt), database():
        serve()
