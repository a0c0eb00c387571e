"""The place where the benchmarks work: the tools they compare with, installed on first use.

Nothing here is measured. Node.js and npm are those of the test environment.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.accounts import Account, own_account

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".bench"

# Everything that is installed to be measured against or with: the one place.
DJANGO = "5.2.19"
NPM = {
    "@nestjs/cli": "12.0.8",
    "autocannon": "9.0.0",
    "create-better-t-stack": "3.44.1",
}

GIT_IDENTITY = "[user]\n\tname = Bench\n\temail = bench@example.org\n"
FIXED = {"BTS_TELEMETRY_DISABLED": "1", "CI": "1", "GIT_CONFIG_NOSYSTEM": "1"}


@dataclass(frozen=True)
class Bench:
    """Installed tools, and an empty home folder for what is measured."""

    account: Account
    python: Path
    node: Path
    home: Path

    def script(self, name: str) -> str:
        """Return the path of an installed Python console script."""
        return str(self.python / "bin" / name)

    def node_script(self, package: str, name: str) -> list[str]:
        """Return the command that runs a package's program directly, without npx."""
        folder = self.node / "node_modules" / package
        programs: dict[str, str] = json.loads((folder / "package.json").read_text())["bin"]
        return [str(self.account.tools / "node"), str(folder / programs[name])]

    def milliseconds(self, argv: Sequence[str], cwd: Path) -> float:
        """Run a command that has to succeed, from start to exit, and return how long it took."""
        environment = self._environment()
        started = time.perf_counter()
        done = subprocess.run(
            argv,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        taken = (time.perf_counter() - started) * 1000
        if done.returncode:
            raise SystemExit(f"{' '.join(argv)}: exit {done.returncode}\n{done.stderr.decode()}")
        return taken

    def _environment(self) -> dict[str, str]:
        return self.account.environment(**FIXED, HOME=str(self.home))


@contextmanager
def bench() -> Iterator[Bench]:
    """Install what is missing and yield the place to work in."""
    FOLDER.mkdir(exist_ok=True)
    home = FOLDER / "home"
    home.mkdir(exist_ok=True)
    (home / ".gitconfig").write_text(GIT_IDENTITY)
    with own_account() as account:
        python, node = FOLDER / "python", FOLDER / "node"
        _once(python, DJANGO, lambda: _install_python(python))
        _install_scaffold(python)
        _once(node, NPM, lambda: _install_node(account, node))
        yield Bench(account, python, node, home)


def _once(folder: Path, pins: object, install: Callable[[], None]) -> None:
    """Do ``install`` unless it is done for these pins."""
    stamp, wanted = folder / "pins.json", json.dumps(pins)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Installing into {folder.relative_to(ROOT)} (once) ...", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    install()
    stamp.write_text(wanted)


def _install_python(folder: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    _pip(folder, f"django=={DJANGO}")
    _pip(folder, "--constraint", str(ROOT / "constraints.txt"), str(ROOT))


def _install_scaffold(folder: Path) -> None:
    """Install this working tree as a user would, so not editable, and byte-compiled by pip."""
    _pip(folder, "--no-deps", "--force-reinstall", str(ROOT))


def _pip(folder: Path, *words: str) -> None:
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-qq"]
    subprocess.run([*pip, "--disable-pip-version-check", *words], check=True)


def _install_node(account: Account, folder: Path) -> None:
    (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": NPM}))
    account.run(("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"), folder)
