"""Say what an update that was worked out changes, and what comes with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

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
        goal.old[1],
        goal.new[1],
        changes=changes(merged),
        releases=changelog.releases(copied.changelog, _between(goal)),
        chosen=tuple(merged.chosen),
        moved=locked.moved,
        lacking=locked.lacking,
        settings=settings,
        answers=_new_answers(new, goal),
    )


def _between(goal: Goal) -> Callable[[str], bool]:
    old, new = templates.parsed(goal.old[1]), templates.parsed(goal.new[1])

    def wanted(name: str) -> bool:
        version = templates.parsed(name)
        return bool(old and new and version and old < version <= new)

    return wanted


def _new_answers(rendered: Path, goal: Goal) -> dict[str, object]:
    now = recorded(rendered).answers
    return {name: value for name, value in now.items() if name not in goal.answers}


def new_settings(trees: Trees, merged: Merged, project: Path) -> tuple[str, ...]:
    """Return the names that .env.example has from now on, and the project's own .env has not."""
    example, own = ".env.example", project / ".env"
    if not own.is_file():
        return ()
    then, now = (
        names(trees.read(files[example].id).decode(errors="replace")) if example in files else set()
        for files in (merged.before, merged.after)
    )
    return tuple(sorted(now - then - names(own.read_text(encoding="utf-8", errors="replace"))))
