"""Run git."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from scaffold.errors import ScaffoldError

INSTALL_HINT = "Install git (Debian: apt install git; macOS: xcode-select --install)."
# Who signs the first commit on a machine where git has not been told who the user is.
FALLBACK_NAME = "scaffold"
FALLBACK_EMAIL = "scaffold@localhost"
# A git hook sets these; they would point us at another repository.
_A_HOOKS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY")


def run(
    *words: str,
    cwd: Path | None = None,
    check: bool = True,
    signed: bool = False,
    text: str = "",
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run git, give it `text`, and return what it said.

    `signed` stands in for a user whom git does not know; `env` adds to the environment.

    Raises:
        ScaffoldError: there is no git; or it failed and `check` is set, with its own words.
    """
    program = shutil.which("git")
    if not program:
        raise ScaffoldError("git was not found.", INSTALL_HINT)
    done = subprocess.run(
        [program, *words],
        cwd=cwd,
        env=_environment(signed) | dict(env or {}),
        input=_bytes(text),
        capture_output=True,
        check=False,
    )
    result = subprocess.CompletedProcess(
        done.args, done.returncode, _text(done.stdout), _text(done.stderr)
    )
    if check and result.returncode:
        raise ScaffoldError(f"git {_verb(words)} failed: {reason(result)}.")
    return result


def _verb(words: tuple[str, ...]) -> str:
    """Return what git was to do, which comes after settings (`-c name=value`)."""
    return _verb(words[2:]) if words[0] == "-c" else words[0]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _text(data: bytes) -> str:
    """Decode without touching line ends; a file's name, or content, need not be text at all."""
    return data.decode("utf-8", "surrogateescape")


def identity() -> dict[str, str]:
    """Return the variables by which scaffold signs a commit."""
    return {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", FALLBACK_NAME), ("EMAIL", FALLBACK_EMAIL))
    }


def reason(result: subprocess.CompletedProcess[str]) -> str:
    """Return why git failed: the first line that it marks as fatal, else the last of all.

    What follows the first is what came of it ("Could not read from remote repository").
    """
    lines = (result.stderr or result.stdout).strip().splitlines() or ["no reason given"]
    fatal = (line for line in lines if line.startswith("fatal: "))
    return next(fatal, lines[-1]).removeprefix("fatal: ").rstrip(".")


def _environment(signed: bool) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _A_HOOKS}
    return kept | (identity() if signed else {})
