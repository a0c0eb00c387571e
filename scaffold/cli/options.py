"""The options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., object])

_REQUIREMENTS = (
    click.option(
        "--need",
        "needs",
        metavar="NAME[=nice|important|must]",
        multiple=True,
        help="Something the project must do; see `scaffold needs`. Repeatable.",
    ),
    click.option(
        "--team",
        metavar="NAME[=nice|important|must]",
        help="What the team knows: javascript, python, both or new.",
    ),
    click.option("--workload", metavar="W", help="What the work is mostly: io, cpu or mixed."),
    click.option(
        "--language", type=click.Choice(["node", "python"]), help="Only stacks of this language."
    ),
)


def requirements(command: Command) -> Command:
    """Give a command the options that say what the project must do."""
    for option in reversed(_REQUIREMENTS):
        command = option(command)
    return command


ml_runtime = click.option(
    "--ml-runtime", metavar="R", help="What the models of the feature ml run on."
)

json_output = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object on standard output."
)
