"""Musts that leave nothing: the smallest way out, and one that works."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scaffold.recommend import Answers, Contradiction, recommend, why_not
from tests.recommend import by_hand
from tests.recommend.given import GUIDE, LANGUAGES, say

SCREENING = sorted({s.when.value for s in GUIDE.screens if s.when.question == "need"})
MUSTS = st.builds(
    lambda needs, team, language: Answers.parse(
        GUIDE, [f"{need}=must" for need in needs], team, None, language
    ),
    st.sets(st.sampled_from(SCREENING)),
    st.sampled_from([None, "javascript=must", "python=must", "python", "new=must"]),
    st.sampled_from([None, *LANGUAGES]),
)


def contradiction(answers: Answers) -> Contradiction | None:
    try:
        recommend(GUIDE, answers)
    except Contradiction as conflict:
        return conflict
    return None


@given(MUSTS)
def test_there_is_a_contradiction_only_when_no_stack_is_left(answers: Answers) -> None:
    nothing_left = not by_hand.left(by_hand.said(answers))
    assert (contradiction(answers) is not None) == nothing_left


@given(MUSTS)
@example(say("admin=must fullstack-js=must scientific=must language:node"))
@example(say("ai-core=must scientific=must fullstack-js=must"))
def test_the_relaxations_are_the_smallest_all_of_them_and_work(answers: Answers) -> None:
    conflict = contradiction(answers)
    if conflict is None:
        return
    told = by_hand.said(answers)
    musts = [key for key, importance in told.items() if importance == "must"]
    working = [
        set(lowered)
        for size in range(len(musts) + 1)
        for lowered in combinations(musts, size)
        if by_hand.left({key: how for key, how in told.items() if key not in lowered})
    ]
    smallest = [ways for ways in working if len(ways) == len(working[0])]
    found = [set(map(tuple, way.musts)) for way in conflict.relaxations]
    assert sorted(map(sorted, found)) == sorted(map(sorted, smallest))
    for way in conflict.relaxations:
        assert recommend(GUIDE, way.answers)


@given(MUSTS)
def test_the_musts_it_names_conflict_and_each_has_a_part_in_it(answers: Answers) -> None:
    conflict = contradiction(answers)
    if conflict is None:
        return
    named = {(must.question, must.value): "must" for must in conflict.musts}
    assert not by_hand.left(named)
    for must in named:
        others = [other for other in named if other != must]
        subsets = [c for n in range(len(others) + 1) for c in combinations(others, n)]
        assert any(
            by_hand.left(dict.fromkeys(some, "must"))
            and not by_hand.left(dict.fromkeys((*some, must), "must"))
            for some in subsets
        )


def test_the_message_names_the_musts_and_the_hint_what_to_lower() -> None:
    conflict = contradiction(say("admin=must realtime=must team:javascript=must"))
    assert conflict is not None
    assert conflict.exit_code == 1
    assert conflict.message == (
        "No stack satisfies --need admin=must and --team javascript=must together."
    )
    assert conflict.hint == (
        "Lower --need admin to important, or lower --team javascript to important."
    )


def test_a_language_is_dropped_and_not_lowered() -> None:
    conflict = contradiction(say("ai-core=must language:node"))
    assert conflict is not None
    assert conflict.hint == "Lower --need ai-core to important, or drop --language node."


def test_a_contradiction_as_json() -> None:
    conflict = contradiction(say("admin=must language:node"))
    assert conflict is not None
    assert conflict.as_json() == {
        "schema": 1,
        "error": "No stack satisfies --need admin=must and --language node together.",
        "musts": ["--need admin=must", "--language node"],
        "relaxations": [
            [{"need": "admin", "from": "must", "to": "important"}],
            [{"answer": "language", "from": "node", "to": "off"}],
        ],
    }


def test_why_not_meets_the_same_contradiction() -> None:
    with pytest.raises(Contradiction):
        why_not(GUIDE, say("admin=must language:node"), "python-django")
