"""Screen first, then score: integers throughout, so that points add up exactly."""

from collections.abc import Mapping

from scaffold.guide import IMPORTANCES, Condition, Guide, Rule, Screen
from scaffold.recommend.answers import DEFAULT

Said = Mapping[Condition, str]

FACTORS = {importance: factor for factor, importance in enumerate(IMPORTANCES, start=1)}


def points(rule: Rule, said: Said) -> int:
    """What the rule is worth, in hundredths, to each stack it favours: its weight, times 1, 2 or 3.

    Nothing here looks at other stacks or other answers, so no stack can change another's score.
    """
    if rule.when is None:
        return rule.weight * FACTORS[DEFAULT]
    return rule.weight * FACTORS[said[rule.when]] if rule.when in said else 0


def tally(guide: Guide, said: Said) -> dict[str, int]:
    """Every stack's score, in hundredths, screened or not."""
    scores = {stack.id: 0 for stack in guide.stacks}
    for rule in guide.rules:
        if worth := points(rule, said):
            for stack in rule.favours:
                scores[stack] += worth
    return scores


def in_force(guide: Guide, said: Said) -> tuple[Screen, ...]:
    """The screens that these musts put up."""
    return tuple(screen for screen in guide.screens if said.get(screen.when) == "must")


def candidates(guide: Guide, said: Said) -> tuple[str, ...]:
    """The stacks that may win: of those the musts leave the winners, or, without one, all."""
    screens = in_force(guide, said)
    left = [s for s in guide.stacks if all(s.id in screen.leaves for screen in screens)]
    return tuple(s.id for s in left if s.can_win) or tuple(s.id for s in left)


def winner(guide: Guide, said: Said) -> str | None:
    """The best candidate, the earlier one in the guide on a tie; none when the musts conflict."""
    scores = tally(guide, said)
    return max(candidates(guide, said), key=scores.__getitem__, default=None)
