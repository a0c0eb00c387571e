"""Make a repository in one step: all of it is there, or the disk is as it was."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scaffold import git, templates, tools
from scaffold.dotenv import completed, fill_secrets
from scaffold.errors import ScaffoldError
from scaffold.project import Project

SECRET_BYTES = 24
DECISION = Path("docs/decisions/0001-backend-stack.md")

Step = Callable[[str], None]
Record = Callable[[str], str]


@dataclass(frozen=True)
class Made:
    """What `create` left: where, from which template version, and what did not go as wished.

    `lacking` is the reason why dependencies are not installed although that was asked for.
    """

    path: Path
    version: str
    files: tuple[str, ...]
    author_known: bool = True
    lacking: str = ""


def check_target(target: Path) -> None:
    """Raise ScaffoldError when `target` cannot become a new repository; write nothing."""
    parent = target.parent
    if not parent.is_dir():
        raise ScaffoldError(f"The folder {parent} does not exist.", f"mkdir -p {parent}")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise ScaffoldError(f"The folder {parent} is not yours to write in.")
    if target.exists() and not target.is_dir():
        raise ScaffoldError(f"{target} is a file.", "Choose another name.")
    if there := sorted(entry.name for entry in _entries(target)):
        names = ", ".join(there[:5]) + (", ..." if len(there) > 5 else "")
        raise ScaffoldError(
            f"The folder {target} is not empty: {names}.", "Choose another name, or move them away."
        )


def preview(project: Project) -> Made:
    """Render into a folder that is thrown away, and say what would have been made."""
    with tempfile.TemporaryDirectory(prefix="scaffold-") as folder:
        version = templates.render(project, Path(folder))
        return Made(Path(project.directory), version, _files(Path(folder)))


def create(project: Project, record: Record, step: Step) -> Made:
    """Make the repository, then install what it depends on when that was asked for.

    `record` gives the decision record for a template version; `step` is told what begins.
    Installing may fail, for want of a network say: the repository stays, `lacking` tells why.

    Raises:
        ScaffoldError: nothing was made, and nothing is left of the attempt.
    """
    target = Path(project.directory).absolute()
    check_target(target)
    git.require()
    was_there = target.exists()
    with _in_our_words(target), _staged(target) as stage:
        made = _fill(project, record, step, stage)
        _place(stage, target)
    try:
        return _installed(project, step, made, target)
    except BaseException:
        _clear(target, keep=was_there)
        raise


def _fill(project: Project, record: Record, step: Step, stage: Path) -> Made:
    step("Writing the files")
    version = templates.render(project, stage)
    for folder in dict.fromkeys(["", *project.folders]):
        write_secrets(stage / folder)
    decision = stage / DECISION
    decision.parent.mkdir(parents=True, exist_ok=True)
    decision.write_text(record(version), encoding="utf-8", newline="\n")
    lacking = _each(tools.lock, project, stage, step, "Locking") if project.install else ""
    known = True
    if project.git:
        step("Making the first commit")
        stacks = " and ".join(dict.fromkeys(service.stack for service in project.services))
        known = git.first_commit(stage, f"Start from {stacks} {version}")
    return Made(stage, version, _files(stage), known, lacking)


def write_secrets(folder: Path) -> None:
    """Write a folder's `.env`: its `.env.example` with a random secret for each it asks for.

    One that is there gets only the secrets that it lacks.
    """
    example, own = folder / ".env.example", folder / ".env"
    if not example.exists():
        return
    text = example.read_text(encoding="utf-8")
    if own.exists():
        text = completed(own.read_text(encoding="utf-8"), text, _secret)
    else:
        text = fill_secrets(text, _secret)
        own.touch(mode=0o600)
    own.write_text(text, encoding="utf-8", newline="\n")


def _secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def _installed(project: Project, step: Step, made: Made, target: Path) -> Made:
    lacking = made.lacking
    if project.install and not lacking:
        lacking = _each(tools.install, project, target, step, "Installing")
    return Made(target, made.version, made.files, made.author_known, lacking)


def _each(
    work: Callable[[Path, str], None], project: Project, root: Path, step: Step, doing: str
) -> str:
    """Do it for each service; return why not, when one fails."""
    for folder, service in project.folders.items():
        step(f"{doing} the dependencies{' of ' * bool(folder)}{folder}")
        try:
            work(root / folder, service.language)
        except ScaffoldError as error:
            return error.message
    return ""


@contextmanager
def _in_our_words(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise ScaffoldError(
            f"{target} could not be written: {reason}.", "Nothing was made; free the way and retry."
        ) from error


@contextmanager
def _staged(target: Path) -> Iterator[Path]:
    """A sibling of `target`, so that the move into place is a rename on one disk."""
    stage = target.with_name(f".{target.name[:40]}-{secrets.token_hex(4)}")
    try:  # begun before the folder is: an interruption may come at once
        stage.mkdir()
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _place(stage: Path, target: Path) -> None:
    """Rename into place; into an empty folder that was there, entry by entry, or not at all."""
    check_target(target)
    if not target.exists():
        stage.rename(target)
        return
    try:
        for entry in _entries(stage):
            entry.rename(target / entry.name)
    except BaseException:
        _clear(target, keep=True)
        raise


def _clear(target: Path, *, keep: bool) -> None:
    for entry in _entries(target):
        shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    if not keep:
        target.rmdir()


def _entries(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _files(folder: Path) -> tuple[str, ...]:
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return tuple(sorted(path.as_posix() for path in paths if path.parts[0] != ".git"))
