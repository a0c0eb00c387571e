"""Why a stack is not the one recommended."""

from typing import Any, NamedTuple

from scaffold.guide import Guide
from scaffold.recommend.answers import Answers, unknown
from scaffold.recommend.changes import Change, ladders
from scaffold.recommend.engine import recommend
from scaffold.recommend.result import Against, Ranked
from scaffold.recommend.scoring import winner


class Comparison(NamedTuple):
    """A rule, with the points in hundredths that it gave the stack and the winner."""

    rule: str
    because: str
    points: int
    winner_points: int


class WhyNot(NamedTuple):
    """A stack beside the winner, and the smallest change of one answer that lets it win, if any.

    `stack` may be the winner itself; there is nothing to change then.
    """

    stack: str
    winner: str
    can_win: bool
    score: int
    winner_score: int
    screened: tuple[Against, ...]
    against: tuple[Against, ...]
    rules: tuple[Comparison, ...]
    change: Change | None

    def as_json(self) -> dict[str, Any]:
        """The form that `recommend --why-not STACK --json` prints, points as decimal fractions."""
        rules = [
            row._asdict() | {"points": row.points / 100, "winner_points": row.winner_points / 100}
            for row in self.rules
        ]
        return {
            "schema": 1,
            "stack": self.stack,
            "winner": self.winner,
            "can_win": self.can_win,
            "score": self.score / 100,
            "winner_score": self.winner_score / 100,
            "screened": [screen.because for screen in self.screened],
            "against": [against.because for against in self.against],
            "rules": rules,
            "change": self.change.as_json() if self.change else None,
        }


def why_not(guide: Guide, answers: Answers, stack: str) -> WhyNot:
    """The comparison; a UsageProblem for an unknown stack, a Contradiction as `recommend`."""
    ids = [known.id for known in guide.stacks]
    if stack not in ids:
        raise unknown("stack", stack, ids)
    ranking = recommend(guide, answers).ranking
    best, mine = ranking[0], next(ranked for ranked in ranking if ranked.stack == stack)
    return WhyNot(
        stack=stack,
        winner=best.stack,
        can_win=guide.stack(stack).can_win,
        score=mine.score,
        winner_score=best.score,
        screened=mine.screened,
        against=mine.against,
        rules=_compare(guide, mine, best),
        change=_smallest_change(guide, answers, stack) if stack != best.stack else None,
    )


def _compare(guide: Guide, mine: Ranked, best: Ranked) -> tuple[Comparison, ...]:
    points = {reason.rule: reason.points for reason in mine.reasons}
    winners = {reason.rule: reason.points for reason in best.reasons}
    return tuple(
        Comparison(rule.id, rule.because, points.get(rule.id, 0), winners.get(rule.id, 0))
        for rule in guide.rules
        if rule.id in points or rule.id in winners
    )


def _smallest_change(guide: Guide, answers: Answers, stack: str) -> Change | None:
    steps = (change for ladder in ladders(guide, answers) for change in ladder)
    winning = (step for step in steps if winner(guide, step.answers.said()) == stack)
    return min(winning, key=lambda step: step.size, default=None)
