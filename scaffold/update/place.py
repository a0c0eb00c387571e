"""Where an update may work: is the project fit for one, and where its own files are kept."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from scaffold import git
from scaffold.errors import ScaffoldError
from scaffold.git import Repository
from scaffold.update.recorded import check_folder
from scaffold.update.switch import Switch

NAMED = 5
PATIENCE_SECONDS = 10


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


def recover(project: Path) -> None:
    """Take back what an update that was killed has begun, if one was."""
    repository = git.repository_of(project) if project.is_dir() else None
    if repository and current(repository).begun():
        with alone(repository):
            pass


@contextmanager
def alone(repository: Repository) -> Iterator[None]:
    """Keep other updates of the project out, and take back what one that was killed has begun.

    Raises:
        ScaffoldError: another update is going on.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - only when something is written

    folder = _folder(repository)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / "lock", timeout=PATIENCE_SECONDS):
            _clean(current(repository))
            try:
                yield
            finally:
                _clean(current(repository))
    except Timeout:
        raise ScaffoldError("Another update of this project is going on.") from None


def _clean(switch: Switch) -> None:
    switch.take_back() if switch.begun() else switch.clear()


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
    folder = repository.project / ".scaffold"
    folder.mkdir(exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    return folder
