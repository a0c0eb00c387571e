"""The only door to the package managers and language runtimes."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scaffold.errors import ScaffoldError


@dataclass(frozen=True)
class Need:
    """A program, the oldest version that serves, and where to get it."""

    program: str
    at_least: tuple[int, ...]
    hint: str


@dataclass(frozen=True)
class Language:
    """What the repositories of one language are locked, installed and started with."""

    needs: tuple[Need, ...]
    manifest: str
    lock_file: str
    lock: tuple[str, ...]
    install: tuple[str, ...]
    first: str
    dev: str


GIT = Need("git", (2, 28), "Debian: apt install git; macOS: xcode-select --install.")

# Without a network npm would try each package again for minutes; what is in its cache serves.
NPM_OFFLINE = (
    *("--prefer-offline", "--fetch-retries=1"),
    *("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=1000"),
)

# The first git that merges without a work tree; `scaffold update` does that.
MERGING_GIT = replace(GIT, at_least=(2, 38))

LANGUAGES = {
    "node": Language(
        needs=(
            Need("node", (24, 15), "Install Node.js 24 LTS from nodejs.org, or with nvm or fnm."),
            Need("npm", (11,), "npm comes with Node.js 24."),
        ),
        manifest="package.json",
        lock_file="package-lock.json",
        lock=("npm", "install", "--package-lock-only", "--no-fund", "--no-audit", *NPM_OFFLINE),
        install=("npm", "ci", "--no-fund", "--no-audit"),
        first="npm install",
        dev="npm run dev",
    ),
    "python": Language(
        needs=(
            Need("uv", (0, 8), "Install uv: pipx install uv, or see docs.astral.sh/uv."),
            Need("python3", (3, 11), "Install Python 3.11 or newer: uv python install 3.13."),
        ),
        manifest="pyproject.toml",
        lock_file="uv.lock",
        lock=("uv", "lock"),
        install=("uv", "sync", "--locked"),
        first="uv sync",
        dev="uv run poe dev",
    ),
}


def commands(languages: Sequence[str]) -> tuple[str, str]:
    """Return what installs and what starts a project whose services have these languages."""
    if len(languages) == 1:
        return LANGUAGES[languages[0]].first, LANGUAGES[languages[0]].dev
    return workspace_commands(languages, at_root=False)


def workspace_commands(languages: Collection[str], *, at_root: bool) -> tuple[str, str]:
    """Return what installs and what starts a workspace; `at_root` lies a service of its own.

    Node.js runs what starts them all as soon as one service needs it anyway.
    """
    run = "uv run workspace/run.py"
    if "node" in languages:
        run = "node workspace/run.mts" if at_root else "npm run"
    return f"{run} setup", f"{run} dev"


@dataclass(frozen=True)
class Found:
    """What `doctor` saw of one program; `version` is empty when it is not there."""

    need: Need
    version: str

    @property
    def good(self) -> bool:
        """Whether it is there and new enough."""
        numbers = tuple(int(part) for part in re.findall(r"\d+", self.version)[:3])
        return bool(numbers) and numbers >= self.need.at_least


def look_for(need: Need) -> Found:
    """Ask a program for its version."""
    path = shutil.which(need.program)
    if path is None:
        return Found(need, "")
    try:
        said = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=20, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return Found(need, "")
    version = re.search(r"\d+(\.\d+)+", said)
    return Found(need, version[0] if version else "")


def require(language: str) -> None:
    """Raise ScaffoldError when a program that `language` installs with is missing or too old."""
    for need in LANGUAGES[language].needs:
        found = look_for(need)
        if not found.good:
            wanted = ".".join(map(str, need.at_least))
            there = f"is {found.version}" if found.version else "was not found"
            raise ScaffoldError(f"{need.program} {there}; {wanted} or newer is needed.", need.hint)


def lock(folder: Path, language: str) -> None:
    """Write the lock file of the project in `folder`; needs the network.

    Raises:
        ScaffoldError: the package manager is missing or failed.
    """
    _show(LANGUAGES[language].lock, folder)


def install(folder: Path, language: str) -> None:
    """Install what the lock file names; raises as `lock` does."""
    _show(LANGUAGES[language].install, folder)


def _show(words: tuple[str, ...], folder: Path) -> None:
    """Run with the user watching: what the program prints is its progress."""
    path = shutil.which(words[0])
    if path is None:
        raise ScaffoldError(f"{words[0]} was not found.")
    code = subprocess.run(
        [path, *words[1:]], cwd=folder, stdin=subprocess.DEVNULL, stdout=2, check=False
    ).returncode
    if code:
        raise ScaffoldError(f"`{' '.join(words)}` failed with exit code {code}.")
