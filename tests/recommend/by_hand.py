"""The recommender once more, as plainly as can be, from the TOML itself, to compare with.

Answers are a dictionary from (question, value) to an importance.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from scaffold.recommend import Answers
from tests.conftest import ROOT

RAW: dict[str, Any] = tomllib.loads((ROOT / "scaffold" / "guide.toml").read_text())
TIMES = {"nice": 1, "important": 2, "must": 3}
LEVELS = ["off", "nice", "important", "must"]

Said = dict[tuple[str, str], str]
Ladder = tuple[str, list[tuple[int, Said]]]


def said(answers: Answers) -> Said:
    found: Said = {("need", need): importance for need, importance in answers.needs}
    if answers.team:
        found["team", answers.team] = answers.team_importance or ""
    if answers.workload:
        found["workload", answers.workload] = "important"
    if answers.language:
        found["language", answers.language] = "must"
    return found


def members(names: list[str]) -> frozenset[str]:
    return frozenset(s["id"] for s in RAW["stack"] if {s["id"], s["language"]} & set(names))


STACKS = [stack["id"] for stack in RAW["stack"]]
ABLE = [stack["id"] for stack in RAW["stack"] if stack.get("can_win")]
RULES = [(list(r["when"].items()), members(r["favours"]), r["weight"]) for r in RAW["rule"]]
SCREENS = [(next(iter(s["when"].items())), members(s["leaves"])) for s in RAW["screen"]]


def scores(told: Said) -> dict[str, int]:
    total = dict.fromkeys(STACKS, 0)
    for keys, favours, weight in RULES:
        times = TIMES[told[keys[0]]] if keys and keys[0] in told else 0 if keys else 2
        for stack in favours if times else ():
            total[stack] += weight * times
    return total


def left(told: Said) -> set[str]:
    stacks = set(STACKS)
    for key, leaves in SCREENS:
        if told.get(key) == "must":
            stacks &= leaves
    return stacks


def winner(told: Said) -> str | None:
    points, stacks = scores(told), left(told)
    able = [stack for stack in ABLE if stack in stacks]
    best = max((points[stack] for stack in able), default=None)
    return next((stack for stack in able if points[stack] == best), None)


def ladders(told: Said) -> Iterator[Ladder]:
    """For each direction in which one answer can change: its steps in order, with their sizes."""
    for need in (entry["id"] for entry in RAW["need"]):
        yield from _up_and_down(told, "need", need)
    team = next((value for question, value in told if question == "team"), None)
    for other in (entry["id"] for entry in RAW["team"]):
        if team in (None, other):
            yield from _up_and_down(told, "team", other)
        else:
            swapped = _without(told, "team")
            yield f"team {other}", [(3, swapped | {("team", other): told["team", str(team)]})]
    for question, importance in (("workload", "important"), ("language", "must")):
        bare = _without(told, question)
        for value in (entry["id"] for entry in RAW[question]):
            if (question, value) not in told:
                yield f"{question} {value}", [(3, bare | {(question, value): importance})]
        if bare != told:
            yield f"{question} off", [(3, bare)]


def _without(told: Said, question: str) -> Said:
    return {key: importance for key, importance in told.items() if key[0] != question}


def _up_and_down(told: Said, question: str, value: str) -> Iterator[Ladder]:
    at = LEVELS.index(told.get((question, value), "off"))
    for name, levels in (("up", LEVELS[at + 1 :]), ("down", LEVELS[:at][::-1])):
        steps = [told | {(question, value): level} for level in levels]
        for step in steps:
            if step[question, value] == "off":
                del step[question, value]
        yield f"{question} {value} {name}", list(enumerate(steps, start=1))
