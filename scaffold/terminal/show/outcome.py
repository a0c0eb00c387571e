"""What will be made, and what was made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from scaffold.terminal.layout import columns, heading
from scaffold.terminal.say import out

if TYPE_CHECKING:
    from scaffold.create import Made
    from scaffold.guide import Stack
    from scaffold.project import Project


def review(project: Project, stack: Stack) -> None:
    """Show what is about to be made."""
    heading("To be made")
    columns(
        (
            ("folder", project.directory),
            ("stack", f"{stack.title} with PostgreSQL ({stack.id})"),
            ("features", ", ".join(project.features) or "none"),
            ("dependencies", "installed now" if project.install else "installed later, by you"),
            ("git", "a repository with a first commit" if project.git else "left to you"),
        )
    )


def made(project: Project, stack: Stack, made: Made, steps: Sequence[str]) -> None:
    """Show what was made, the next commands, and the command that makes it again."""
    done = click.style("Done:", fg="green", bold=True)
    out()
    out(f"{done} {project.directory}, {stack.title} with PostgreSQL ({made.version})")
    columns(_by_folder(made.files))
    heading("Next")
    for step in steps:
        out(f"  {step}")
    heading("The same again, without a question")
    out(f"  {project.command()}")


def preview(project: Project, stack: Stack, made: Made) -> None:
    """Show what would be made."""
    review(project, stack)
    heading(f"Files ({len(made.files)}), templates {made.version}")
    for file in made.files:
        out(f"  {file}")
    heading("The command")
    out(f"  {project.command()}")


def _by_folder(files: Sequence[str]) -> list[tuple[str, str]]:
    """Count the files in each folder of the first level, in the order they are listed."""
    folders = Counter(file.split("/")[0] + "/" for file in files if "/" in file)
    top = [file for file in files if "/" not in file]
    rows = [(folder, f"{count} file{'s' * (count > 1)}") for folder, count in folders.items()]
    return [*rows, ("./", f"{len(top)} files: {', '.join(top)}")] if top else rows
