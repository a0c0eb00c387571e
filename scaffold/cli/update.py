"""`scaffold update`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from scaffold.cli.options import json_output


@click.command()
@click.argument("directory", metavar="[DIR]", default=".")
@click.option(
    "--check", is_flag=True, help="Only say whether there is a newer version; exit 1 then."
)
@click.option("--dry-run", is_flag=True, help="Say what would change, file by file; write nothing.")
@click.option("--undo", is_flag=True, help="Put everything back to before the last update.")
@click.option("--to", metavar="VERSION", help="Update to this version, not to the newest.")
@click.option("--source", help="Follow these templates from now on: a git address or a folder.")
@click.option(
    "--feature",
    "features",
    metavar="F",
    multiple=True,
    help="The features to have from now on, instead of today's; `none` for none.",
)
@click.option("--lock/--no-lock", default=True, help="Write the lock file anew when it is due.")
@json_output
def update(directory: str, check: bool, dry_run: bool, undo: bool, **said: Any) -> None:
    """Bring the project in DIR (here, when not said) up to the newest templates.

    What you changed stays: the template's changes are merged into it. Where both changed the same
    lines you get git's conflict markers to settle, and exit code 3. Nothing is committed.
    """
    from scaffold.cli import updating  # noqa: PLC0415 - fast `--help`

    _check_together(said, check=check, dry_run=dry_run, undo=undo)
    project = Path(directory).resolve()
    as_json = said.pop("as_json")
    if undo:
        return updating.undo(project, as_json)
    if check:
        return updating.check(project, said["source"], as_json)
    return updating.update(project, dry_run, as_json, **said)


def _check_together(said: Mapping[str, Any], **ways: bool) -> None:
    """Refuse flags that would do nothing, so that nobody takes them for done."""
    given = [f"--{name.replace('_', '-')}" for name, there in ways.items() if there]
    flags = {"--to": said["to"], "--source": said["source"], "--feature": said["features"]}
    idle = [name for name, value in {**flags, "--no-lock": not said["lock"]}.items() if value]
    if ways["check"]:
        given += [name for name in idle if name != "--source"]
    elif ways["undo"]:
        given += idle
    if len(given) > 1:
        raise click.UsageError(f"{' and '.join(given)} do not go together.")
