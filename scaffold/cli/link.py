"""`scaffold link`."""

from __future__ import annotations

from pathlib import Path

import click

from scaffold.cli.options import json_output


@click.command()
@click.argument("directory", metavar="[DIR]", default=".")
@click.option(
    "--stack", metavar="ID", required=True, help="What it was made from; see `scaffold stacks`."
)
@click.option(
    "--version", metavar="V", required=True, help="The templates' version, such as 1.0.0."
)
@click.option(
    "--source",
    envvar="SCAFFOLD_SOURCE",
    show_envvar=True,
    help="Templates of your own: a git address or a folder.",
)
@click.option(
    "--feature",
    "features",
    metavar="F",
    multiple=True,
    help="A feature it has, instead of those found by comparing; `none` for none.",
)
@click.option(
    "--dry-run", is_flag=True, help="Say how much of the template is there; write nothing."
)
@json_output
def link(
    directory: str,
    stack: str,
    version: str,
    source: str | None,
    features: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Let the project in DIR (here, when not said) follow the templates it was made from.

    For a repository that lacks its .copier-answers.yml: made by hand, or by copying another. Its
    files are compared with those of that stack and version; where too little of them is there,
    nothing is written. Else that one file is, and `scaffold update` works from then on.
    """
    from scaffold.cli import linking  # noqa: PLC0415 - fast `--help`

    wish = linking.wish(stack, version, source, features or None)
    linking.link(Path(directory).absolute(), wish, dry_run, as_json)
