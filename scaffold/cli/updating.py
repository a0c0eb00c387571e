"""Carry an update out, preview it, take it back; say what happened."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from scaffold import tools
from scaffold import update as updates
from scaffold.changelog import Release, without
from scaffold.cli import check_stopped, print_json
from scaffold.cli.switching import switched
from scaffold.errors import Interrupted, ScaffoldError
from scaffold.guide import load_guide
from scaffold.terminal import say, show

AVAILABLE, CONFLICTS = 1, 3


def check(project: Path, source: str | None, as_json: bool) -> None:
    """Say whether there is a newer version; exit 1 when there is."""
    settle(project)
    has, newest = updates.available(project, source)
    if as_json:
        print_json({"schema": 1, "version": has, "newest": newest, "up_to_date": has == newest})
    else:
        show.available(has, newest)
    if has != newest:
        raise click.exceptions.Exit(AVAILABLE)


def update(
    project: Path,
    dry: bool,
    as_json: bool,
    *,
    to: str | None,
    source: str | None,
    features: tuple[str, ...],
    lock: bool,
) -> None:
    """Bring a project up to date, or only say what that would change."""
    settle(project)
    project, answers = switched(project, features) if features else (project, {})
    wish = updates.Wish(to, source, answers, lock=lock)
    with told_truly(project):
        report = carry_out(project, wish, dry, (lambda _text: None) if as_json else say.step)
        if as_json:
            print_json(report_json(project, report, dry))
        else:
            version = updates.recorded(project).version
            mine = _for_this_stack(project, report)
            show.update(mine, version, dry=dry, newest=to is None)
    conclude(report, dry)


def settle(project: Path) -> None:
    """Take back an update that was cut off, before anything else looks at the project."""
    if cut_off := updates.settle(project):
        what = "update" if cut_off.about else "undoing"
        say.warn(f"An {what} was cut off{cut_off.between}; it was taken back first.")


def conclude(report: updates.Report | None, dry: bool) -> None:
    """End with the exit code that says that conflicts were left, when some were."""
    if report and report.conflicts and not dry:
        raise click.exceptions.Exit(CONFLICTS)


def carry_out(
    project: Path, wish: updates.Wish, dry: bool, step: Callable[[str], None]
) -> updates.Report | None:
    """Do what is wished, or only work it out; None when there is nothing to do."""
    with _in_our_words(project), updates.prepared(project, wish, step, dry=dry) as ready:
        if ready and dry:
            _warn(ready.repository.changed(), ready.unseen())
        elif ready:
            check_stopped()
            ready.apply()
    return ready.report if ready else None


def undo(project: Path, as_json: bool) -> None:
    """Take the last update back."""
    with told_truly(project):
        with _in_our_words(project):
            about, paths = updates.undo(project, [it.lock_file for it in tools.LANGUAGES.values()])
        if as_json:
            report = {"schema": 1, "path": str(project), "from": about["to"], "to": about["from"]}
            print_json(report | {"changes": paths})
        else:
            show.undone(about, paths)


@contextmanager
def told_truly(project: Path) -> Iterator[None]:
    """Let an interruption that came when all was done say so, and a report that could not be."""
    before = _state(project)
    try:
        yield
    except KeyboardInterrupt:
        if _state(project) == before:
            raise
        raise Interrupted("Interrupted, but all of it was done.", "See: git status") from None
    except Exception as error:
        if _state(project) == before or os.environ.get("SCAFFOLD_DEBUG"):
            raise
        say.stop_telling()
        raise ScaffoldError(
            "All of it was done, but it could not be told here.", "See: git status"
        ) from error


@contextmanager
def _in_our_words(project: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ScaffoldError(
            f"{project} could not be updated: {error.strerror or error}.",
            "It is as it was before; free the way and retry.",
        ) from error


def _state(project: Path) -> bytes:
    """Return what every update, and every undoing of one, changes."""
    paths = [project / name for name in updates.ANSWERS_FILES]
    return b"".join(path.read_bytes() for path in paths if path.is_file())


def _warn(changed: list[str], unseen: list[str]) -> None:
    if changed:
        say.warn(f"Not looked at, since it is not committed: {', '.join(changed)}")
    if unseen:
        refusal = updates.not_looked_at(unseen)
        say.warn(f"{refusal.message}\n  {refusal.hint}")


def _for_this_stack(project: Path, report: updates.Report | None) -> updates.Report | None:
    """Leave out of the changelog what is only of other stacks; `--json` has all of it."""
    if report is None:
        return None
    used = {str(part.past.answers.get("stack")) for part in updates.parts(project)}
    stacks = load_guide().stacks
    mine = {name for it in stacks if it.id in used for name in (it.id, it.language)}
    others = {name for it in stacks for name in (it.id, it.language)} - mine
    texts = [(it.version, without(it.text, others, mine)) for it in report.releases]
    return replace(report, releases=tuple(Release(*it) for it in texts if it[1]))


def report_json(project: Path, report: updates.Report | None, dry: bool) -> dict[str, object]:
    """Return what `--json` prints."""
    head: dict[str, object] = {
        "schema": 1,
        "path": str(project),
        "dry_run": dry,
        "up_to_date": report is None,
    }
    return head | (report.as_json() if report else {"changes": [], "conflicts": []})
