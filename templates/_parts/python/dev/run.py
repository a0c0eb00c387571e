"""Run a command with DATABASE_URL set: `python -m dev.run COMMAND`.

It is the one that is set, in the environment or in `.env`, or else the embedded server's.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from dotenv import load_dotenv

from dev.postgres import postgres

DIRECTORY = Path(".devdb").absolute()


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


@contextmanager
def database() -> Iterator[str]:
    """Give the URL of the database to develop with, set in the environment as well."""
    load_dotenv(".env")
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            # So that what was started is stopped.
            signal.signal(getattr(signal, name), _leave)
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    with postgres(DIRECTORY) as url:
        os.environ["DATABASE_URL"] = url
        yield url


def main() -> None:
    """Run the command, and exit as it does."""
    with database():
        sys.exit(subprocess.run(sys.argv[1:], check=False).returncode)


if __name__ == "__main__":
    main()
