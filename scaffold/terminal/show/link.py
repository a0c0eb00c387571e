"""How much of a template is in a project, and what linking it leaves to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from scaffold.terminal.layout import columns, heading, item
from scaffold.terminal.say import out

if TYPE_CHECKING:
    from scaffold.link import File, Likeness, Match

_COLOURS = {"changed": "cyan", "missing": "yellow"}


def link(match: Match, steps: Sequence[str], *, dry: bool) -> None:
    """Show what was compared, file by file where it differs, and the next commands."""
    stack, version, features = match.origin
    verb = click.style("Would link" if dry else "Linked", fg="green", bold=True)
    having = f" with {', '.join(features)}" if features else ""
    out(f"{verb} {match.name} to {stack} {version}{having}")
    _files(match.likeness)
    _doubt(match)
    if steps:
        heading("Next")
    for step in steps:
        item("→", step)


def _files(likeness: Likeness) -> None:
    counts = ", ".join(f"{count} {kind}" for kind, count in likeness.counts().items())
    heading(f"Files of the template ({counts})")
    columns(_row(file) for file in likeness.files if file.kind != "identical")
    found, lines = likeness.found, likeness.lines
    out(f"  {found} of its {lines} lines are there: {int(likeness.share * 100)} %")


def _row(file: File) -> tuple[str, str]:
    kind = click.style(file.kind, fg=_COLOURS[file.kind])
    lines = file.lines if file.kind == "missing" else f"{file.found} of {file.lines}"
    return kind, f"{file.path}  ({lines} lines)"


def _doubt(match: Match) -> None:
    if match.better:
        heading("Is that the right version?")
        share, version = int(match.better.share * 100), match.better.origin.version
        item(
            "→",
            f"Of {version}, {share} % of the lines are there. If it comes from that, remove "
            f".copier-answers.yml and link it with --version {version}.",
        )
