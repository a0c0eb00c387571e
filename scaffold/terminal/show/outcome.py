"""What will be made, and what was made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from scaffold.terminal.layout import columns, heading
from scaffold.terminal.say import out
from scaffold.terminal.show.advice import effects

if TYPE_CHECKING:
    from scaffold.create import Made
    from scaffold.guide import Guide
    from scaffold.project import Project


def review(guide: Guide, project: Project) -> None:
    """Show what is about to be made."""
    heading("To be made")
    columns(
        (
            ("folder", project.directory),
            *_services(guide, project),
            ("dependencies", "installed now" if project.install else "installed later, by you"),
            ("git", "a repository with a first commit" if project.git else "left to you"),
        )
    )


def _services(guide: Guide, project: Project) -> list[tuple[str, str]]:
    """One service by its stack and features, several by their names."""
    if not project.beside:
        stack = guide.stack(project.main.stack)
        return [
            ("stack", f"{stack.title} with PostgreSQL ({stack.id})"),
            ("features", ", ".join(project.main.features) or "none"),
        ]
    return [
        (
            f"service {it.name}",
            ", ".join([f"{guide.stack(it.stack).title} ({it.stack})", *it.features]),
        )
        for it in project.services
    ]


def made(
    guide: Guide,
    project: Project,
    made: Made,
    changed: Sequence[tuple[str, str]],
    steps: Sequence[str],
) -> None:
    """Show what was made, the next commands, and the command that makes it again."""
    done = click.style("Done:", fg="green", bold=True)
    out()
    stacks = " and ".join(dict.fromkeys(guide.stack(it.stack).title for it in project.services))
    out(f"{done} {project.directory}, {stacks} with PostgreSQL ({made.version})")
    columns(_by_folder(made.files))
    effects(changed)
    heading("Next")
    for step in steps:
        out(f"  {step}")
    heading("The same again, without a question")
    out(f"  {project.command()}")


def preview(guide: Guide, project: Project, made: Made) -> None:
    """Show what would be made."""
    review(guide, project)
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
