"""`scaffold stacks` and `scaffold needs`: what there is, with one line each."""

from __future__ import annotations

import click

from scaffold.cli.options import json_output


@click.command()
@json_output
def stacks(as_json: bool) -> None:
    """List the stacks, and which of them can be made."""
    from scaffold.cli import print_json  # noqa: PLC0415 - fast `--help`
    from scaffold.guide import load_guide  # noqa: PLC0415
    from scaffold.terminal import show  # noqa: PLC0415

    guide = load_guide()
    if not as_json:
        show.rows((stack.id, _summary(stack.summary, stack.ready)) for stack in guide.stacks)
        return
    print_json(
        {
            "schema": 1,
            "stacks": [
                {
                    "id": stack.id,
                    "title": stack.title,
                    "language": stack.language,
                    "summary": stack.summary,
                    "template": stack.ready,
                }
                for stack in guide.stacks
            ],
        }
    )


def _summary(text: str, ready: bool) -> str:
    return text if ready else f"{text} (no template yet)"


@click.command()
@json_output
def needs(as_json: bool) -> None:
    """List the requirements that `--need` takes."""
    from scaffold.cli import print_json  # noqa: PLC0415 - fast `--help`
    from scaffold.guide import load_guide  # noqa: PLC0415
    from scaffold.terminal import show  # noqa: PLC0415

    guide = load_guide()
    if not as_json:
        show.rows((need.id, need.help) for need in guide.needs)
        return
    listed = [{"id": need.id, "title": need.title, "help": need.help} for need in guide.needs]
    print_json({"schema": 1, "needs": listed})
