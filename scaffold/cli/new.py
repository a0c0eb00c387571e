"""`scaffold new`: gather, decide, apply."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffold.cli.options import json_output, ml_runtime, requirements

if TYPE_CHECKING:
    from scaffold.cli.deciding import Plan
    from scaffold.wish import Wish


@click.command()
@click.argument("directory", metavar="[DIR]", required=False)
@click.option("--stack", metavar="ID", help="Take this stack; see `scaffold stacks`.")
@requirements
@click.option(
    "--feature",
    "features",
    metavar="F",
    multiple=True,
    help="A feature to build in, instead of those the requirements call for; `none` for none.",
)
@click.option(
    "--service",
    "services",
    metavar="NAME=STACK[+F...]",
    multiple=True,
    help="A service beside the main one, instead of those the requirements add; `none` for none.",
)
@ml_runtime
@click.option("--description", metavar="TEXT", help="What it is, in one line.")
@click.option("--yes", "-y", is_flag=True, help="Ask nothing; take the recommendation.")
@click.option("--install/--no-install", default=None, help="Lock and install the dependencies.")
@click.option("--git/--no-git", default=True, help="Make a git repository with a first commit.")
@click.option("--dry-run", is_flag=True, help="Say what would be made; write nothing.")
@json_output
@click.option(
    "--answers",
    metavar="FILE",
    help="Take answers from this YAML or JSON file (a project's .copier-answers.yml will do).",
)
@click.option(
    "--source",
    envvar="SCAFFOLD_SOURCE",
    show_envvar=True,
    help="Templates of your own: a git address or a folder.",
)
@click.option("--ref", help="Version of the templates: a tag, a branch or a commit.")
def new(
    yes: bool,
    dry_run: bool,
    as_json: bool,
    answers: str | None,
    features: tuple[str, ...],
    services: tuple[str, ...],
    **said: object,
) -> None:
    """Make a repository in DIR, which also names the project.

    What DIR, --stack and the requirements leave open is asked in a terminal; with --yes, or without
    a terminal, nothing is asked.
    """
    from scaffold.cli.making import make, preview  # noqa: PLC0415 - fast `--help`
    from scaffold.wish import Wish  # noqa: PLC0415

    wish = Wish(features=features or None, services=services or None, yes=yes, **said)  # type: ignore[arg-type]
    if answers:
        wish = wish.over(_read(answers))
    plan = _plan(wish, ask=not (yes or as_json))
    (preview if dry_run else make)(plan, as_json)


def _plan(wish: Wish, ask: bool) -> Plan:
    from scaffold.cli.deciding import check_enough, decide  # noqa: PLC0415
    from scaffold.terminal import say  # noqa: PLC0415

    if ask and say.interactive():
        from scaffold.cli.interview import interview  # noqa: PLC0415

        return interview(wish)
    check_enough(wish)
    return decide(wish)


def _read(path: str) -> dict[str, object]:
    import yaml  # noqa: PLC0415 - JSON is YAML too

    from scaffold.errors import UsageProblem  # noqa: PLC0415

    try:
        data = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageProblem(f"The answers file {path} cannot be read: {error.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        first = str(error).splitlines()[0]
        raise UsageProblem(f"The answers file {path} is neither YAML nor JSON: {first}.") from None
    if not isinstance(data, dict) or not all(isinstance(name, str) for name in data):
        raise UsageProblem(f"The answers file {path} is not a mapping of names to answers.")
    return data
