"""What the user asked for, checked against the guide."""

from collections.abc import Iterable
from typing import NamedTuple, Self

from scaffold.errors import UsageProblem
from scaffold.guide import IMPORTANCES, Condition, Guide

DEFAULT = "important"


class Answers(NamedTuple):
    """The requirements; whatever is left out was not said. Make it with `parse`, which checks it.

    `needs` holds pairs of a need and its importance, in the guide's order.
    """

    needs: tuple[tuple[str, str], ...] = ()
    team: str | None = None
    team_importance: str | None = None
    workload: str | None = None
    language: str | None = None

    @classmethod
    def parse(
        cls,
        guide: Guide,
        needs: Iterable[str] = (),
        team: str | None = None,
        workload: str | None = None,
        language: str | None = None,
    ) -> Self:
        """Answers from the texts of the flags, such as `realtime=must`.

        A UsageProblem names the nearest right name for an unknown one.
        """
        who, how_much = _leveled(guide, "team", team) if team is not None else (None, None)
        for question, value in (("workload", workload), ("language", language)):
            if value is not None:
                _check(question, value, guide.choices(question))
        return cls(_needs(guide, needs), who, how_much, workload, language)

    def said(self) -> dict[Condition, str]:
        """Every answer with its importance: a workload is important, a language a must."""
        said = {Condition("need", need): importance for need, importance in self.needs}
        if self.team:
            said[Condition("team", self.team)] = self.team_importance or DEFAULT
        if self.workload:
            said[Condition("workload", self.workload)] = DEFAULT
        if self.language:
            said[Condition("language", self.language)] = "must"
        return said

    def flags(self) -> list[str]:
        """The flags that give these answers, in one order for all."""
        flags = [flag for need in self.needs for flag in ("--need", leveled_text(*need))]
        if self.team:
            flags += ["--team", leveled_text(self.team, self.team_importance or DEFAULT)]
        if self.workload:
            flags += ["--workload", self.workload]
        if self.language:
            flags += ["--language", self.language]
        return flags


def leveled_text(name: str, importance: str) -> str:
    """How a flag says it: `saas` when important, else `saas=must`."""
    return name if importance == DEFAULT else f"{name}={importance}"


def _needs(guide: Guide, texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    asked: dict[str, str] = {}
    for text in texts:
        need, importance = _leveled(guide, "need", text)
        if asked.setdefault(need, importance) != importance:
            raise UsageProblem(
                f"The need {need} is asked for twice, as {asked[need]} and as {importance}.",
                "Say it once.",
            )
    return tuple((need, asked[need]) for need in guide.choices("need") if need in asked)


def _leveled(guide: Guide, question: str, text: str) -> tuple[str, str]:
    name, equals, importance = text.partition("=")
    _check(question, name, guide.choices(question))
    if not equals:
        return name, DEFAULT
    _check("importance", importance, IMPORTANCES)
    return name, importance


def _check(kind: str, name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        raise unknown(kind, name, known)


def unknown(kind: str, name: str, known: Iterable[str]) -> UsageProblem:
    """The error for a name that does not exist: the nearest right one, and all there are."""
    from difflib import get_close_matches  # noqa: PLC0415  costs 5 ms, only wanted here

    names = list(known)
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    every = f"There is {', '.join(names)}."
    return UsageProblem(
        f"Unknown {kind} {name!r}.", f"Did you mean {near[0]}? {every}" if near else every
    )
