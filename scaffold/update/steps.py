"""An update from beginning to end: gather, merge in a scratch folder, then put in place."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from scaffold import templates
from scaffold.git import Repository, Trees
from scaffold.update import place
from scaffold.update.applying import Update
from scaffold.update.goal import Goal, Rendering, Wish, goal_of
from scaffold.update.locking import Locked, lock
from scaffold.update.merging import merge
from scaffold.update.recorded import parts
from scaffold.update.telling import new_settings, report

Step = Callable[[str], None]


@contextmanager
def prepared(project: Path, wish: Wish, step: Step, *, dry: bool) -> Iterator[Update | None]:
    """Work an update out, and hold it ready until the block ends; None when there is nothing to do.

    Nothing is written to the project before `Update.apply`.

    Raises:
        ScaffoldError: the project or the templates are not fit for it.
        UsageProblem: the wish names something that does not exist.
    """
    if not dry:
        place.settle(project)
    found = parts(project)
    repository = place.repository_of(project)
    goal = goal_of(found, wish)
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


def _work_out(
    repository: Repository, goal: Goal, wish: Wish, step: Step, scratch: Path, dry: bool
) -> Update:
    step(f"Rendering {goal.before} and {goal.after}")
    old, new, store = scratch / "old", scratch / "new", scratch / "store"
    store.mkdir()
    _render(goal.old, old)
    copied = _render(goal.new, new)
    step("Merging")
    trees = Trees(repository, store)
    merged = merge(trees, old, new, copied.kept)
    locked = lock(trees, merged, scratch / "lock", step, dry=dry) if wish.lock else Locked()
    settings = new_settings(trees, merged, repository.project)
    told = report(goal, new, copied, merged, locked, settings)
    return Update(repository, trees, merged, told)


def _render(renderings: Sequence[Rendering], folder: Path) -> templates.Copied:
    """Render all parts of a project; what comes with a version is the first one's."""
    copied = [
        templates.render_version(it.source, it.version, it.answers, folder / it.folder, it.file)
        for it in renderings
    ]
    kept = {
        it.folder + path for it, part in zip(renderings, copied, strict=True) for path in part.kept
    }
    return copied[0]._replace(kept=tuple(sorted(kept)))
