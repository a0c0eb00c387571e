"""A recommendation for people: the winner, why, what speaks against it, what would change it."""

from __future__ import annotations

from collections.abc import Sequence

import click

from scaffold.guide import Guide
from scaffold.recommend import Against, Answers, Change, Ranked, Reason, Recommendation, WhyNot
from scaffold.terminal.layout import columns, heading, item
from scaffold.terminal.say import out

BAR = 24
CONFIDENCE = {
    "clear": "a clear lead",
    "close": "a close call",
    "toss-up": "a toss-up: either would do",
}


def recommendation(guide: Guide, answers: Answers, result: Recommendation) -> None:
    """Show the whole of a recommendation."""
    best = result.ranking[0]
    title = click.style(_title(guide, best.stack), fg="green", bold=True)
    out(f"Recommended: {title} with PostgreSQL ({best.stack})")
    out(f"             {CONFIDENCE[result.confidence]}, {points(result.margin)} ahead")
    if not answers.said():
        out("             (nothing was said of the project: this is the default)")
    heading("Ranking")
    columns(_ranks(guide, result))
    second = [ranked for ranked in result.ranking if ranked.stack == result.runner_up]
    _reasons(guide, [best, *second])
    for ranked in (best, *second):
        _listed(f"Against {_title(guide, ranked.stack)}", ranked.against)
    _beside(guide, result)
    effects(result.effects)
    _flips(guide, result)


def why_not(guide: Guide, contrast: WhyNot) -> None:
    """Show a stack beside the winner, rule by rule."""
    mine, best = _title(guide, contrast.stack), _title(guide, contrast.winner)
    if contrast.stack == contrast.winner:
        out(f"{mine} is what these answers recommend.")
        return
    out(f"Not {mine} ({points(contrast.score)}) but {best} ({points(contrast.winner_score)}).")
    _listed("Out of the question", contrast.screened)
    _listed("Against it", contrast.against)
    heading(f"Points: {mine}, {best}")
    columns((points(row.points), points(row.winner_points), row.because) for row in contrast.rules)
    heading("What would make it win")
    item("→", _change(contrast.change) if contrast.change else _no_change(contrast, mine))


def effects(changed: Sequence[tuple[str, str]]) -> None:
    """Show what each need changes in what is made, or that it does not."""
    if changed:
        heading("What the requirements change")
        columns(changed)


def points(hundredths: int) -> str:
    """Write hundredths as a decimal fraction."""
    return f"{hundredths / 100:.2f}"


def _title(guide: Guide, stack: str) -> str:
    return guide.stack(stack).title


def _ranks(guide: Guide, result: Recommendation) -> list[tuple[str, str, str]]:
    return [
        (_title(guide, ranked.stack), points(ranked.score), _standing(guide, ranked, result))
        for ranked in result.ranking
    ]


def _standing(guide: Guide, ranked: Ranked, result: Recommendation) -> str:
    if ranked.screened_out:
        return f"out: {ranked.screened_out}"
    bar = click.style("█" * round(BAR * ranked.score / (result.ranking[0].score or 1)), fg="cyan")
    return (
        bar
        if guide.stack(ranked.stack).can_win
        else f"{bar} an alternative, never the first choice"
    )


def _reasons(guide: Guide, rivals: Sequence[Ranked]) -> None:
    """Show every reason for the winner or the runner-up, with the points it gives each of them."""
    titles = [_title(guide, ranked.stack) for ranked in rivals]
    heading(
        f"Why {titles[0]}" + "".join(f", and not {title} (the runner-up)" for title in titles[1:])
    )
    reasons = {reason.rule: reason for ranked in rivals for reason in ranked.reasons}
    given = [{reason.rule: reason.points for reason in ranked.reasons} for ranked in rivals]
    rows = ((*(points(of.get(rule, 0)) for of in given), _cited(reasons[rule])) for rule in reasons)
    columns([(*titles, ""), *rows])


def _cited(reason: Reason | Against) -> str:
    return f"{reason.because} [{', '.join(reason.sources)}]"


def _beside(guide: Guide, result: Recommendation) -> None:
    if len(result.services) > 1:
        heading("Services")
        columns(
            (it.name, _title(guide, it.stack), ", ".join(it.features)) for it in result.services
        )
    if result.alternatives:
        heading("Also worth a look")
        columns((_title(guide, offer.stack), offer.because) for offer in result.alternatives)


def _flips(guide: Guide, result: Recommendation) -> None:
    heading("What would change the answer")
    if not result.flips:
        item("→", "No change of a single answer would.")
    columns((_change(flip.change), f"→ {_title(guide, flip.winner)}") for flip in result.flips)


def _change(change: Change) -> str:
    name = change.subject or change.question
    return f"{name}: {change.before} → {change.after}"


def _no_change(contrast: WhyNot, title: str) -> str:
    if not contrast.can_win:
        return f"Nothing: {title} is offered beside the others, and taken with --stack."
    return "No change of a single answer would."


def _listed(title: str, entries: Sequence[Against]) -> None:
    if entries:
        heading(title)
        for entry in entries:
            item("-", _cited(entry))
