"""Where an update may work: is the project fit for one, and where its own files are kept."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from scaffold import git
from scaffold.errors import ScaffoldError
from scaffold.git import Repository
from scaffold.update.recorded import check_folder
from scaffold.update.switch import Plan, Switch

NAMED = 5
PATIENCE_SECONDS = 10
_IN_PROJECT = ".scaffold"


def repository_of(project: Path) -> Repository:
    """Return the project's repository.

    Raises:
        UsageProblem: there is no such folder.
        ScaffoldError: it has no repository, or no commit: there would be nothing to merge with.
    """
    check_folder(project)
    repository = git.repository_of(project)
    if repository is None:
        raise ScaffoldError(
            f"{project} is not under git, so what you changed cannot be told from the template.",
            'Put it under git as it was made: git init && git add -A && git commit -m "Start"',
        )
    if not (repository.head and repository.committed()):
        raise ScaffoldError(
            f"{project} has no commit yet.", 'Make the first: git add -A && git commit -m "Start"'
        )
    return repository


def check_ready(repository: Repository) -> None:
    """Raise ScaffoldError when work in the project could get mixed up with a merge."""
    if begun := repository.half_done():
        raise ScaffoldError(
            f"A {begun} is half done in {repository.project}.",
            "Finish it, or take it back; then try again.",
        )
    if changed := repository.changed():
        names = ", ".join(changed[:NAMED]) + (", ..." if len(changed) > NAMED else "")
        raise ScaffoldError(
            f"There are changes that are not committed: {names}.",
            "Commit them, or put them aside: git stash --include-untracked",
        )


def not_looked_at(paths: Sequence[str]) -> ScaffoldError:
    """Return what to say of changes that git was told not to look at, and that would be lost."""
    look = ("--no-skip-worktree", "--no-assume-unchanged")  # git heeds one of them at a time
    commands = (shlex.join(["git", "update-index", flag, "--", *paths]) for flag in look)
    return ScaffoldError(
        f"git was told not to look at {', '.join(paths)}, and they are changed here.",
        f"Commit that, after: {' && '.join(commands)}",
    )


def check_free(project: Path, before: Collection[str], after: Collection[str]) -> None:
    """Raise ScaffoldError when files that git does not keep are where new ones are to go."""
    found = {_in_the_way(project, path, before) for path in set(after) - set(before)}
    if taken := sorted(found - {""}):
        raise ScaffoldError(
            f"The template brings files that would take the place of {', '.join(taken)}, which git "
            "does not keep.",
            "Move that away, then update.",
        )


def _in_the_way(project: Path, path: str, known: Collection[str]) -> str:
    """Return what would be lost, or followed out of the project, if a file were put at `path`."""
    target = project / path
    if target.is_dir() and not target.is_symlink():
        below = (found for found in target.rglob("*") if found.is_symlink() or not found.is_dir())
        return next(
            (_name(found, project) for found in below if _name(found, project) not in known), ""
        )
    ways = [target, *list(target.parents)[: path.count("/")]]
    files = (way for way in ways if way.is_symlink() or way.is_file())
    return next((_name(way, project) for way in files if _name(way, project) not in known), "")


def _name(path: Path, project: Path) -> str:
    return path.relative_to(project).as_posix()


def settle(project: Path) -> Plan | None:
    """Take back an update that was cut off, as when the machine stopped; return what it was.

    None where there is none: also where git does not look, for nothing can have been begun there.

    Raises:
        ScaffoldError: another update is going on, or nothing may be written here.
    """
    repository = None
    with suppress(ScaffoldError):
        repository = git.repository_of(project) if project.is_dir() else None
    try:
        if repository is None or not current(repository).begun():
            return None
        with alone(repository) as cut_off:
            return cut_off
    except OSError as error:
        raise ScaffoldError(
            f"An update was cut off here, and cannot be taken back: {error.strerror or error}.",
            "Run, as who may write here: scaffold update --undo",
        ) from error


@contextmanager
def alone(repository: Repository) -> Iterator[Plan | None]:
    """Keep other updates of the project out; give the one that was cut off and is now taken back.

    Raises:
        ScaffoldError: another update is going on.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - only when something is written

    folder = _made(_folder(repository))
    try:
        with FileLock(folder / "lock", timeout=PATIENCE_SECONDS):
            cut_off = _clean(repository)
            try:
                yield cut_off
            finally:
                _clean(repository)
    except Timeout:
        raise ScaffoldError("Another update of this project is going on.") from None


def _clean(repository: Repository) -> Plan | None:
    switch = current(repository)
    if not switch.begun():
        switch.clear()
        return None
    plan = switch.plan
    if plan.about:  # an update: it began with an index like the last commit; an undo need not
        repository.unstage([file.path for file in plan.files])
    switch.take_back()
    return plan


def current(repository: Repository) -> Switch:
    """Return the switch that is being made."""
    return Switch(repository.project, _folder(repository) / "now", repository.place)


def last(repository: Repository) -> Switch:
    """Return the last switch that was made, for as long as it can be undone."""
    return Switch(repository.project, _folder(repository) / "last", repository.place)


def keep(repository: Repository) -> None:
    """Make the current switch the last one."""
    done = last(repository)
    shutil.rmtree(done.folder, ignore_errors=True)
    current(repository).folder.replace(done.folder)


def _folder(repository: Repository) -> Path:
    """Beside git's own files; in the project where those lie on another disk, hidden from git."""
    name = quote(repository.place.strip("/"), safe="") or "project"
    if repository.folder.stat().st_dev == repository.project.stat().st_dev:
        return repository.folder / "scaffold" / name
    return repository.project / _IN_PROJECT


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if folder.name == _IN_PROJECT:
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    return folder
