"""Changes of one answer, ordered from the smallest: what flips and relaxations are made of."""

from collections.abc import Iterator
from typing import NamedTuple

from scaffold.guide import IMPORTANCES, Condition, Guide
from scaffold.recommend.answers import DEFAULT, Answers, leveled_text

OFF = "off"
LEVELS = (OFF, *IMPORTANCES)
OTHER = len(IMPORTANCES)


class Change(NamedTuple):
    """One answer, before and after; `answers` are all of them with it changed.

    `size` is the number of steps on the scale from off to must; another team, workload or language
    is as large as the whole scale.
    """

    question: str
    subject: str
    before: str
    after: str
    size: int
    answers: Answers

    def as_json(self) -> dict[str, str]:
        """`{"need": ..., "from": ..., "to": ...}`; for the others `{"answer": "team", ...}`."""
        key, name = ("need", self.subject) if self.subject else ("answer", self.question)
        return {key: name, "from": self.before, "to": self.after}


def ladders(guide: Guide, answers: Answers) -> Iterator[tuple[Change, ...]]:
    """Every way to change one answer, each as a ladder whose first rung is the smallest change.

    A need, and the team that was named, goes up and down. Other teams, workloads and languages
    have no order among them: each is a ladder of its own.
    """
    for need in guide.choices("need"):
        for levels in _up_and_down(dict(answers.needs).get(need, OFF)):
            yield tuple(set_need(guide, answers, need, level) for level in levels)
    yield from _team_ladders(guide, answers)
    for question in ("workload", "language"):
        for value in (OFF, *guide.choices(question)):
            if value != (getattr(answers, question) or OFF):
                yield (_set_choice(answers, question, value),)


def lower(guide: Guide, answers: Answers, must: Condition) -> Change:
    """The smallest change that ends a must: down to important, or, for a language, off."""
    if must.question == "need":
        return set_need(guide, answers, must.value, DEFAULT)
    if must.question == "team":
        return set_team(answers, must.value, DEFAULT)
    return _set_choice(answers, must.question, OFF)


def set_need(guide: Guide, answers: Answers, need: str, level: str) -> Change:
    """The need at another level."""
    levels = dict(answers.needs)
    before = levels.get(need, OFF)
    levels[need] = level
    needs = tuple((n, levels[n]) for n in guide.choices("need") if levels.get(n, OFF) != OFF)
    return Change("need", need, before, level, _size(before, level), answers._replace(needs=needs))


def set_team(answers: Answers, team: str, level: str) -> Change:
    """Another team, or the same one at another level."""
    had = (answers.team_importance or DEFAULT) if answers.team else OFF
    before = leveled_text(answers.team, had) if answers.team else OFF
    size = _size(had, level) if answers.team in (None, team) else OTHER
    if level == OFF:
        unsaid = answers._replace(team=None, team_importance=None)
        return Change("team", "", before, OFF, size, unsaid)
    after = answers._replace(team=team, team_importance=level)
    return Change("team", "", before, leveled_text(team, level), size, after)


def _team_ladders(guide: Guide, answers: Answers) -> Iterator[tuple[Change, ...]]:
    for team in guide.choices("team"):
        if answers.team is None or answers.team == team:
            for levels in _up_and_down(answers.team_importance or OFF):
                yield tuple(set_team(answers, team, level) for level in levels)
        else:
            yield (set_team(answers, team, answers.team_importance or DEFAULT),)


def _up_and_down(level: str) -> tuple[tuple[str, ...], ...]:
    at = LEVELS.index(level)
    return LEVELS[at + 1 :], LEVELS[:at][::-1]


def _size(before: str, after: str) -> int:
    return abs(LEVELS.index(after) - LEVELS.index(before))


def _set_choice(answers: Answers, question: str, value: str) -> Change:
    before, said = getattr(answers, question) or OFF, None if value == OFF else value
    if question == "workload":
        return Change(question, "", before, value, OTHER, answers._replace(workload=said))
    return Change(question, "", before, value, OTHER, answers._replace(language=said))
