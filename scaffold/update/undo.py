"""Take the last update back."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from scaffold.errors import ScaffoldError
from scaffold.git import Repository
from scaffold.update import place
from scaffold.update.switch import Moved, Plan, Switch, digest


def undo(project: Path, locks: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Put every file back to what it was before the last update.

    `locks` are names of files that package managers write: changes of theirs are no work to lose.

    Returns:
        What the update was about (versions), and the paths that were put back.

    Raises:
        ScaffoldError: there is nothing to undo, or later work would be lost.
    """
    repository = place.repository_of(project)
    with place.alone(repository) as cut_off:
        if cut_off and cut_off.about:  # it is taken back by now: that was the last update
            return cut_off.about, sorted(file.path for file in cut_off.files)
        done = place.last(repository)
        if not done.begun():
            raise ScaffoldError("There is no update to undo.", "Only the last one can be.")
        plan = done.plan
        files = _to_put_back(project, plan, locks)
        _put_back(repository, done, files)
        return plan.about, sorted(file.path for file in files)


def _to_put_back(project: Path, plan: Plan, locks: Sequence[str]) -> list[Moved]:
    own = [file for file in plan.files if PurePosixPath(file.path).name not in locks]
    _check_nothing_is_lost(project, own)
    files = [file for file in plan.files if digest(project / file.path) != file.before]
    if not files:
        raise ScaffoldError(
            f"Nothing of the last update{plan.between} is in this work tree.",
            "Is it on another branch?",
        )
    return files


def _check_nothing_is_lost(project: Path, files: Sequence[Moved]) -> None:
    later = [
        file.path for file in files if digest(project / file.path) not in (file.before, file.after)
    ]
    if later:
        raise ScaffoldError(
            f"Changed since the update, and would be lost: {', '.join(later)}.",
            "Put your changes to them aside first (git stash push FILE), or git restore them.",
        )


def _put_back(repository: Repository, done: Switch, files: Sequence[Moved]) -> None:
    switch = place.current(repository)
    for path in (file.path for file in files if file.before):
        (switch.new / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(done.old / path, switch.new / path, follow_symlinks=False)
    paths = [file.path for file in files]
    switch.folder.mkdir(parents=True, exist_ok=True)
    switch.stage({}, paths)
    switch.go(lambda: _finish(repository, done, switch, paths))


def _finish(repository: Repository, done: Switch, switch: Switch, paths: Sequence[str]) -> None:
    repository.unstage(list(paths))
    switch.clear()  # first: should the machine stop here, the record of the update is still there
    done.clear()
