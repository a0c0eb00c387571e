"""Measure start-up time and installed size of every stack into docs/measurements.toml.

usage: python scripts/measure_stacks.py      (needs Linux and the network; takes some minutes)

What is measured elsewhere is kept as it is.
"""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import time
import tomllib
from pathlib import Path

from scripts.stacks_page import MEASUREMENTS
from tests.support.accounts import Account, own_account
from tests.support.bake import bake
from tests.support.http import answers
from tests.support.ports import free_port
from tests.support.postgres import postgres_server
from tests.support.processes import kill_group
from tests.support.service import Installed
from tests.support.stacks import STACKS, Stack
from tests.support.waiting import eventually

STARTS = 7
PRODUCTION = {
    "package-lock.json": (("npm", "ci", "--omit=dev"), "node_modules"),
    "uv.lock": (("uv", "sync", "--locked", "--no-dev", "--no-editable"), ".venv"),
}


def main() -> None:
    """Measure every stack; keep what is not measured here."""
    known = tomllib.loads(MEASUREMENTS.read_text()) if MEASUREMENTS.exists() else {}
    with own_account() as account:
        for stack in STACKS:
            known[stack.name] = known.get(stack.name, {}) | _measure(stack, account)
            print(stack.name, known[stack.name])
    MEASUREMENTS.write_text(
        "# Start-up and size are written by scripts/measure_stacks.py, "
        "the ratios taken from `make bench`.\n"
        + "".join(
            f"\n[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in row.items())
            for name, row in known.items()
        )
    )


def _measure(stack: Stack, account: Account) -> dict[str, int]:
    with tempfile.TemporaryDirectory(prefix="measure-") as name, postgres_server() as postgres:
        root = bake(stack, (), Path(name) / stack.name)
        account.run(stack.install, root)
        account.run(stack.build, root)
        words, folder = PRODUCTION[stack.lock]
        account.run(words, root)
        size = subprocess.run(["du", "-sm", folder], cwd=root, capture_output=True, check=True)
        made = Installed(stack, account, root)
        url = postgres.create("measure")
        made.migrate(url)
        starts = sorted(_start(made, url) for _ in range(STARTS + 1))[:-1]
        return {
            "startup_ms": round(statistics.median(starts) * 1000),
            "installed_mb": int(size.stdout.split()[0]),
        }


def _start(made: Installed, url: str) -> float:
    """Seconds from starting the process to its first answer."""
    port = free_port()
    environment = made.account.environment(**made.settings(url, PORT=str(port)))
    with tempfile.TemporaryFile() as log:
        begin = time.perf_counter()
        with made.account.start(
            made.stack.start, made.root, environment, log.fileno(), log.fileno()
        ) as process:
            try:
                eventually(lambda: answers(port), what="the service answers", within=30)
                return time.perf_counter() - begin
            finally:
                kill_group(process.pid)


if __name__ == "__main__":
    main()
