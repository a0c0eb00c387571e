"""Musts that leave no stack, and the fewest of them to lower."""

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any, NamedTuple

from scaffold.errors import ScaffoldError
from scaffold.guide import Condition, Guide
from scaffold.recommend.answers import DEFAULT, Answers
from scaffold.recommend.changes import Change, lower
from scaffold.recommend.scoring import candidates, in_force


class Relaxation(NamedTuple):
    """Musts to lower, how, and the answers after that, for which there is a recommendation."""

    musts: tuple[Condition, ...]
    changes: tuple[Change, ...]
    answers: Answers


class Contradiction(ScaffoldError):
    """No stack does all that must be done.

    `musts` are those that have a part in it; `relaxations` the smallest ways out, all of one size.
    """

    def __init__(self, musts: tuple[Condition, ...], relaxations: tuple[Relaxation, ...]) -> None:
        ways = ", or ".join(" and ".join(map(_lowering, way.musts)) for way in relaxations)
        names = " and ".join(map(_must, musts))
        super().__init__(f"No stack satisfies {names} together.", f"{ways[0].upper()}{ways[1:]}.")
        self.musts = musts
        self.relaxations = relaxations

    def as_json(self) -> dict[str, Any]:
        """The form that `recommend --json` prints instead of a recommendation."""
        return {
            "schema": 1,
            "error": self.message,
            "musts": [_must(must) for must in self.musts],
            "relaxations": [[step.as_json() for step in way.changes] for way in self.relaxations],
        }


def contradiction(guide: Guide, answers: Answers) -> Contradiction:
    """The error for answers that leave no stack.

    The smallest relaxations are found by trying all, fewest first; after Felfernig et al.,
    "Plausible Repairs for Inconsistent Requirements" (IJCAI 2009).
    """
    musts = tuple(dict.fromkeys(screen.when for screen in in_force(guide, answers.said())))
    ways = [_relax(guide, answers, chosen) for chosen in _subsets(musts)]
    working = [way for way in ways if candidates(guide, way.answers.said())]
    fewest = len(working[0].musts)
    return Contradiction(
        tuple(must for must in musts if _takes_part(guide, must, musts)),
        tuple(way for way in working if len(way.musts) == fewest),
    )


def _relax(guide: Guide, answers: Answers, musts: tuple[Condition, ...]) -> Relaxation:
    changes: list[Change] = []
    for must in musts:
        changes.append(lower(guide, answers, must))
        answers = changes[-1].answers
    return Relaxation(musts, tuple(changes), answers)


def _takes_part(guide: Guide, must: Condition, musts: tuple[Condition, ...]) -> bool:
    """Whether the must is what tips some of the others over: all that are left without it go."""
    others = tuple(other for other in musts if other != must)
    return any(
        _leaves_some(guide, some) and not _leaves_some(guide, (*some, must))
        for some in _subsets(others)
    )


def _leaves_some(guide: Guide, musts: Iterable[Condition]) -> bool:
    return bool(candidates(guide, dict.fromkeys(musts, "must")))


def _subsets(musts: tuple[Condition, ...]) -> Iterator[tuple[Condition, ...]]:
    """All of them, the small ones first."""
    for size in range(len(musts) + 1):
        yield from combinations(musts, size)


def _must(must: Condition) -> str:
    return f"--{must.question} {must.value}" + ("" if must.question == "language" else "=must")


def _lowering(must: Condition) -> str:
    if must.question == "language":
        return f"drop {_must(must)}"
    return f"lower --{must.question} {must.value} to {DEFAULT}"
