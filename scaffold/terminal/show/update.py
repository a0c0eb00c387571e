"""What an update changes, or has changed."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from scaffold.terminal.layout import columns, heading, item
from scaffold.terminal.say import out

if TYPE_CHECKING:
    from scaffold.guide import Stack
    from scaffold.manifest import Kept
    from scaffold.update import Change, Report

_COLOURS = {
    "new": "green",
    "renamed": "green",
    "changed": "cyan",
    "merged": "cyan",
    "locked": "cyan",
    "deleted": "yellow",
    "kept": "yellow",
    "left out": "yellow",
    "conflict": "red",
}
_MEANING = {"merged": "merged with yours"}


def available(has: str, newest: str) -> None:
    """Say in one line whether there is a newer version."""
    if has == newest:
        out(f"Up to date: {has}.")
    else:
        out(f"{newest} is there; this project has {has}. See it: scaffold update --dry-run")


def update(report: Report | None, version: str, *, dry: bool, newest: bool = True) -> None:
    """Show an update file by file, what its versions bring, and what is left to do.

    `newest` says whether it was to the newest version, not to one that was named.
    """
    if report is None:
        out(f"Up to date: {version}." if newest else f"This project has {version} already.")
        return
    verb = "Would update" if dry else "Updated"
    out(f"{click.style(verb, fg='green', bold=True)} {_versions(report)}")
    heading(f"Files ({_counted(report.changes)})" if report.changes else "No file changes")
    columns(_row(change) for change in report.changes)
    _dependencies(report)
    _changelog(report)
    _answers(report)
    _next(report, dry=dry)


def added(name: str, stack: Stack, report: Report, commands: Sequence[str], *, dry: bool) -> None:
    """Show what a new service brings, file by file, and what is left to do."""
    verb = "Would add" if dry else "Added"
    out(f"{click.style(verb, fg='green', bold=True)} {name}, {stack.title} ({report.after})")
    own = [change for change in report.changes if change.path.startswith(f"{name}/")]
    others = [change for change in report.changes if change not in own]
    heading(f"Files ({_counted(report.changes)})")
    columns([(click.style("new", fg="green"), f"{name}/  ({len(own)} files)"), *map(_row, others)])
    _answers(report)
    heading("Next")
    for command in [] if dry else commands:
        out(f"  {command}")
    for step in _steps(report, dry=dry):
        item("→", step)


def undone(about: Mapping[str, str], paths: Sequence[str]) -> None:
    """Say what was put back."""
    versions = "" if about["to"] == about["from"] else f" {about['to']} → {about['from']}"
    count = "1 file is" if len(paths) == 1 else f"{len(paths)} files are"
    out(f"{click.style('Undone', fg='green', bold=True)}{versions}; {count} as before the update.")
    for path in paths:
        out(f"  {path}")


def _versions(report: Report) -> str:
    if report.before == report.after:
        return f"at {report.after}, with other answers"
    return f"{report.before} → {report.after}"


def _counted(changes: Sequence[Change]) -> str:
    counts = Counter(_MEANING.get(change.kind, change.kind) for change in changes)
    return ", ".join(f"{count} {kind}" for kind, count in counts.items())


def _row(change: Change) -> tuple[str, str]:
    kind = click.style(_MEANING.get(change.kind, change.kind), fg=_COLOURS[change.kind])
    lines = ", ".join(map(str, change.lines))
    remark = f"line{'s' * (len(change.lines) > 1)} {lines}" if lines else change.note
    return kind, f"{change.path}  ({remark})" if remark else change.path


def _dependencies(report: Report) -> None:
    if report.chosen:
        heading("Moved by you and by the template")
        columns((kept.name, _choice(kept)) for kept in report.chosen)
    if report.moved:
        heading("Locked")
        columns(
            (moved.name, f"{moved.before or '-'} → {moved.after or '-'}") for moved in report.moved
        )


def _choice(kept: Kept) -> str:
    yours, theirs = kept.yours or "removed", kept.theirs or "removed"
    return f"{kept.taken or 'stays removed'} (yours {yours}, the template's {theirs})"


def _changelog(report: Report) -> None:
    for release in report.releases:
        heading(f"What {release.version} brings")
        for line in release.text.splitlines():
            out(f"  {line}" if line else "")


def _answers(report: Report) -> None:
    if report.answers:
        heading("New questions, answered as proposed")
        columns((name, str(answer)) for name, answer in report.answers.items())
    if report.settings:
        heading("New settings")
        item("→", f".env.example has {', '.join(report.settings)}; your .env has not")


def _next(report: Report, *, dry: bool) -> None:
    heading("Next")
    for step in _steps(report, dry=dry):
        item("→", step)


def _steps(report: Report, *, dry: bool) -> list[str]:
    if dry:
        return ["Do it: the same command without --dry-run"]
    steps = (
        [f"The lock file is older than its manifest: {report.lacking}"] if report.lacking else []
    )
    if report.conflicts:
        paths = [change.path for change in report.conflicts]
        add = ["git", "add", *(["--"] if paths[0].startswith("-") else []), *paths]
        steps.append(f"Settle the conflicts between <<<<<<< and >>>>>>>, then: {shlex.join(add)}")
    return [*steps, "Look: git diff; test; commit.", "Or take it back: scaffold update --undo"]
