"""The only door to git."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from scaffold.errors import ScaffoldError

# Who signs the first commit on a machine where git has not been told who the user is.
FALLBACK_NAME = "scaffold"
FALLBACK_EMAIL = "scaffold@localhost"
INSTALL_HINT = "Install git (Debian: apt install git; macOS: xcode-select --install)."


def require() -> None:
    """Raise ScaffoldError when there is no git: templates are kept in it."""
    try:
        _run("--version")
    except FileNotFoundError:
        raise ScaffoldError("git was not found.", INSTALL_HINT) from None


def first_commit(folder: Path, message: str) -> bool:
    """Make `folder` a git repository with one commit of everything in it.

    Returns whether git knew the user; when it did not, scaffold has signed.

    Raises:
        ScaffoldError: git refused, with its own words.
    """
    _run("init", "--quiet", "--initial-branch=main", cwd=folder)
    _run("add", "--all", cwd=folder)
    known = _run("var", "GIT_AUTHOR_IDENT", cwd=folder, check=False).returncode == 0
    _run("commit", "--quiet", "--no-verify", "-m", message, cwd=folder, signed=not known)
    return known


def check_out(bundle: Path, version: str, folder: Path) -> None:
    """Write the tree of a version in a bundle into `folder`, with its repository.

    Raises:
        ScaffoldError: the bundle is none, or has no such version.
    """
    options = ("--quiet", "--config", "advice.detachedHead=false", "--branch", version)
    done = _run("clone", *options, "--", str(bundle), str(folder), check=False)
    if done.returncode:
        raise ScaffoldError(
            f"{bundle} gives no templates of version {version}: {_last_line(done)}.",
            "Check --source and --ref.",
        )


def enclosing_repository(folder: Path) -> Path | None:
    """Return the root of the repository that `folder` lies in, if it lies in one."""
    found = _run("rev-parse", "--show-toplevel", cwd=folder, check=False)
    return Path(found.stdout.strip()) if found.returncode == 0 else None


def _run(
    *words: str, cwd: Path | None = None, check: bool = True, signed: bool = False
) -> subprocess.CompletedProcess[str]:
    result = subprocess.run(
        ["git", *words],
        cwd=cwd,
        env=_environment(signed),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if check and result.returncode:
        raise ScaffoldError(f"git {words[0]} failed: {_last_line(result)}.")
    return result


def _environment(signed: bool) -> dict[str, str]:
    """Without the variables by which a git hook would point us at another repository."""
    local = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY")
    kept = {name: value for name, value in os.environ.items() if name not in local}
    return kept | (_fallback_identity() if signed else {})


def _fallback_identity() -> dict[str, str]:
    return {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", FALLBACK_NAME), ("EMAIL", FALLBACK_EMAIL))
    }


def _last_line(result: subprocess.CompletedProcess[str]) -> str:
    lines = (result.stderr or result.stdout).strip().splitlines() or ["no reason given"]
    return lines[-1].removeprefix("fatal: ").rstrip(".")
