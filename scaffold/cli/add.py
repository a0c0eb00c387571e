"""`scaffold add`."""

from __future__ import annotations

from pathlib import Path

import click

from scaffold.cli.options import json_output, ml_runtime


@click.command()
@click.argument("service", metavar="SERVICE")
@click.argument("directory", metavar="[DIR]", default=".")
@ml_runtime
@click.option("--dry-run", is_flag=True, help="Say what would change, file by file; write nothing.")
@click.option("--install", is_flag=True, help="Lock and install the new service's dependencies.")
@json_output
def add(
    service: str,
    directory: str,
    ml_runtime: str | None,
    dry_run: bool,
    install: bool,
    as_json: bool,
) -> None:
    """Put a service beside those in DIR (here, when not said).

    SERVICE is NAME=STACK or NAME=STACK+FEATURE, or only the NAME of one that the guide knows: ml.
    It gets a folder of that name. A project of one service becomes a workspace, and its files stay
    where they are. Nothing is committed; `scaffold update --undo` takes it back.
    """
    from scaffold.cli import adding  # noqa: PLC0415 - fast `--help`

    project = Path(directory).resolve()
    adding.add(project, service, ml_runtime, dry_run, as_json, install=install)
