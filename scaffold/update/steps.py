"""An update from beginning to end: gather, merge in a scratch folder, then put in place."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from packaging.version import Version

from scaffold import changelog, templates
from scaffold.dotenv import names
from scaffold.errors import ScaffoldError
from scaffold.git import Entry, Repository, Trees
from scaffold.update import place
from scaffold.update.choosing import choose, released
from scaffold.update.locking import Locked, lock
from scaffold.update.merging import BASE, THEIRS, YOURS, Merged, changes, merge
from scaffold.update.recorded import Recorded, recorded
from scaffold.update.report import Report

Step = Callable[[str], None]


@dataclass(frozen=True)
class Wish:
    """What the user asked for: a version, other templates or answers, to lock anew or not."""

    to: str | None = None
    source: str | None = None
    answers: Mapping[str, object] = field(default_factory=dict)
    lock: bool = True


@dataclass(frozen=True)
class Goal:
    """Two renderings of the templates: what the project was made from, and what it is to follow."""

    old: tuple[str, str]
    new: tuple[str, str]
    answers: Mapping[str, object]


def available(project: Path, source: str | None) -> tuple[str, str]:
    """Return the version a project has, and the newest there is."""
    past = recorded(project)
    known = released(source or past.source)
    return past.version, choose(past.version, known, source or past.source, None)


@dataclass(frozen=True)
class Update:
    """An update that is ready to be put in place."""

    repository: Repository
    trees: Trees
    merged: Merged
    report: Report

    def apply(self) -> None:
        """Put it in place: all of it, or nothing.

        Raises:
            ScaffoldError: a file that git does not keep is in the way, or the disk is full.
        """
        switch = place.current(self.repository)
        touched = self.merged.touched
        place.check_free(self.repository.project, self.merged.before, self.merged.after)
        files = {path: self.merged.after[path] for path in touched if path in self.merged.after}
        switch.folder.mkdir(parents=True)
        self.trees.check_out(files, switch.folder / "new")
        about = {"from": self.report.before, "to": self.report.after, "head": self.repository.head}
        switch.stage(about, touched)
        conflicts = {change.path: self._sides(change.path) for change in self.report.conflicts}
        switch.go(lambda: self._finish(conflicts))

    def _finish(self, conflicts: Mapping[str, Mapping[int, tuple[str, str]]]) -> None:
        self.repository.mark(conflicts)
        place.keep(self.repository)

    def _sides(self, path: str) -> dict[int, tuple[str, str]]:
        merged = self.merged
        sides = merged.sides.get(path) or {
            stage: files[path]
            for stage, files in (
                (BASE, merged.base),
                (YOURS, merged.before),
                (THEIRS, merged.theirs),
            )
            if path in files
        }
        return {stage: (entry.mode, self._content(entry)) for stage, entry in sides.items()}

    def _content(self, entry: Entry) -> str:
        return self.trees.read(entry.id).decode("utf-8", "surrogateescape")


@contextmanager
def prepared(project: Path, wish: Wish, step: Step, *, dry: bool) -> Iterator[Update | None]:
    """Work an update out, and hold it ready until the block ends; None when there is nothing to do.

    Nothing is written to the project before `Update.apply`.

    Raises:
        ScaffoldError: the project or the templates are not fit for it.
        UsageProblem: the wish names something that does not exist.
    """
    if not dry:
        place.recover(project)
    past = recorded(project)
    repository = place.repository_of(project)
    goal = _goal(past, wish)
    if goal is None:
        yield None
        return
    with _held(repository, dry), tempfile.TemporaryDirectory(prefix="scaffold-") as scratch:
        yield _work_out(repository, goal, wish, step, Path(scratch), dry)


@contextmanager
def _held(repository: Repository, dry: bool) -> Iterator[None]:
    if dry:
        yield
        return
    with place.alone(repository):
        place.check_ready(repository)
        yield


def _goal(past: Recorded, wish: Wish) -> Goal | None:
    source = templates.lasting(wish.source) if wish.source else past.source
    known = released(source)
    tag = choose(past.version, known, source, wish.to)
    answers = {**past.answers, **wish.answers}
    same = (source, tag, answers) == (past.source, past.version, dict(past.answers))
    return None if same else Goal(_origin(past, source, known), (source, tag), answers)


def _origin(past: Recorded, source: str, known: Mapping[Version, str]) -> tuple[str, str]:
    """Return where the project's own version is: in new templates when the old ones are gone."""
    if source == past.source:
        return source, past.version
    try:
        released(past.source)
    except ScaffoldError:
        if past.version not in known.values():
            raise
        return source, past.version
    return past.source, past.version


def _work_out(
    repository: Repository, goal: Goal, wish: Wish, step: Step, scratch: Path, dry: bool
) -> Update:
    step(f"Rendering {goal.old[1]} and {goal.new[1]}")
    old, new, store = scratch / "old", scratch / "new", scratch / "store"
    store.mkdir()
    before = recorded(repository.project).answers
    templates.render_version(*goal.old, before, old)
    copied = templates.render_version(*goal.new, goal.answers, new)
    step("Merging")
    trees = Trees(repository, store)
    merged = merge(trees, old, new, copied.kept)
    report = Report(
        goal.old[1],
        goal.new[1],
        releases=changelog.releases(copied.changelog, _between(goal)),
        answers=_new_answers(new, goal),
    )
    locked = lock(trees, merged, scratch / "lock", step, dry=dry) if wish.lock else Locked()
    report = replace(
        report,
        changes=changes(merged),
        chosen=tuple(merged.chosen),
        moved=locked.moved,
        lacking=locked.lacking,
        settings=_settings(trees, merged, repository.project),
    )
    return Update(repository, trees, merged, report)


def _between(goal: Goal) -> Callable[[str], bool]:
    old, new = templates.parsed(goal.old[1]), templates.parsed(goal.new[1])

    def wanted(name: str) -> bool:
        version = templates.parsed(name)
        return bool(old and new and version and old < version <= new)

    return wanted


def _new_answers(rendered: Path, goal: Goal) -> dict[str, object]:
    now = recorded(rendered).answers
    return {name: value for name, value in now.items() if name not in goal.answers}


def _settings(trees: Trees, merged: Merged, project: Path) -> tuple[str, ...]:
    example, own = ".env.example", project / ".env"
    if not own.is_file():
        return ()
    then, now = (
        names(trees.read(files[example].id).decode(errors="replace")) if example in files else set()
        for files in (merged.before, merged.after)
    )
    return tuple(sorted(now - then - names(own.read_text(encoding="utf-8", errors="replace"))))
