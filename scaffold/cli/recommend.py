"""`scaffold recommend`."""

from __future__ import annotations

import click

from scaffold.cli.options import json_output, requirements


@click.command()
@requirements
@click.option("--why-not", metavar="STACK", help="Explain why this stack is not the one.")
@json_output
def recommend(
    needs: tuple[str, ...],
    team: str | None,
    workload: str | None,
    language: str | None,
    why_not: str | None,
    as_json: bool,
) -> None:
    """Recommend a stack for requirements, with reasons, and write nothing."""
    from scaffold import recommend as recommender  # noqa: PLC0415 - fast `--help`
    from scaffold.cli import print_json  # noqa: PLC0415
    from scaffold.guide import load_guide  # noqa: PLC0415
    from scaffold.terminal import show  # noqa: PLC0415

    guide = load_guide()
    answers = recommender.Answers.parse(guide, needs, team, workload, language)
    try:
        if why_not:
            contrast = recommender.why_not(guide, answers, why_not)
            print_json(contrast.as_json()) if as_json else show.why_not(guide, contrast)
        else:
            result = recommender.recommend(guide, answers)
            print_json(result.as_json()) if as_json else show.recommendation(guide, answers, result)
    except recommender.Contradiction as conflict:
        if as_json:
            print_json(conflict.as_json())
        raise
