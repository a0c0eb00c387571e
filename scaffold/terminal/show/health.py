"""What `doctor` saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from scaffold import tools
from scaffold.terminal.layout import columns
from scaffold.terminal.say import out

if TYPE_CHECKING:
    from scaffold.tools import Found, Need

_TITLES = {"node": "Node.js", "python": "Python"}


def doctor(report: Mapping[str, Sequence[Found]], able: Sequence[str], templates: str) -> None:
    """Show each program, then what can be made, and what can be installed and run, here."""
    columns(_row(found) for group in report.values() for found in group)
    out()
    out(f"Templates: {templates}")
    able_to_make = "yes, of every stack" if report["git"][0].good else "not without git"
    out(f"Make repositories: {able_to_make}")
    updater = replace(report["git"][0], need=tools.MERGING_GIT)
    out(f"Update them: {'yes' if updater.good else _needs_git(updater.need)}")
    ready = [f"{title} stacks" for name, title in _TITLES.items() if name in able]
    out(f"Install and run them: {' and '.join(ready) or 'nothing yet, see above'}")


def _needs_git(need: Need) -> str:
    return f"by `copier update`; `scaffold update` needs git {'.'.join(map(str, need.at_least))}"


def _row(found: Found) -> tuple[str, str, str, str]:
    wanted = ".".join(map(str, found.need.at_least)) + " or newer"
    mark = click.style("ok", fg="green") if found.good else click.style("--", fg="red")
    advice = wanted if found.good else f"{wanted}: {found.need.hint}"
    return mark, found.need.program, found.version or "not found", advice
