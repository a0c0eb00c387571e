"""Say what an update that was worked out changes, and what comes with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from scaffold import changelog, templates
from scaffold.dotenv import names
from scaffold.git import Trees
from scaffold.templates import Copied
from scaffold.update.goal import Goal
from scaffold.update.locking import Locked
from scaffold.update.merging import Merged, changes
from scaffold.update.recorded import recorded
from scaffold.update.report import Report


def report(
    goal: Goal, new: Path, copied: Copied, merged: Merged, locked: Locked, settings: tuple[str, ...]
) -> Report:
    """Return the report of an update; `new` is the newer version's rendering."""
    return Report(
        goal.before,
        goal.after,
        changes=changes(merged),
        releases=changelog.releases(copied.changelog, _between(goal)),
        chosen=tuple(merged.chosen),
        moved=locked.moved,
        lacking=locked.lacking,
        settings=settings,
        answers=_new_answers(new, goal),
    )


def _between(goal: Goal) -> Callable[[str], bool]:
    old, new = templates.parsed(goal.before), templates.parsed(goal.after)

    def wanted(name: str) -> bool:
        version = templates.parsed(name)
        return bool(old and new and version and old < version <= new)

    return wanted


def _new_answers(rendered: Path, goal: Goal) -> dict[str, object]:
    return {
        name: value
        for part in goal.new
        for name, value in recorded(rendered / part.folder, part.file).answers.items()
        if name not in part.answers
    }


def new_settings(trees: Trees, merged: Merged, project: Path) -> tuple[str, ...]:
    """Return the names that a .env.example has from now on, and the .env beside it has not."""
    examples = [path for path in merged.after if PurePosixPath(path).name == ".env.example"]
    return tuple(
        sorted({name for path in examples for name in _new_in(trees, merged, project, path)})
    )


def _new_in(trees: Trees, merged: Merged, project: Path, example: str) -> set[str]:
    own = (project / example).with_name(".env")
    if not own.is_file():
        return set()
    then, now = (
        names(trees.read(files[example].id).decode(errors="replace")) if example in files else set()
        for files in (merged.before, merged.after)
    )
    return now - then - names(own.read_text(encoding="utf-8", errors="replace"))
