"""Why a stack is not the one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.errors import UsageProblem
from scaffold.recommend import Answers, recommend, why_not
from tests.recommend import by_hand
from tests.recommend.given import ANY, GUIDE, STACKS, say
from tests.recommend.test_scoring import result_for


@given(ANY, st.sampled_from(STACKS))
def test_the_points_beside_the_winners_sum_to_both_scores(answers: Answers, stack: str) -> None:
    best = result_for(answers).ranking[0]
    contrast = why_not(GUIDE, answers, stack)
    assert sum(row.points for row in contrast.rules) == contrast.score
    assert sum(row.winner_points for row in contrast.rules) == contrast.winner_score == best.score
    assert all(row.points or row.winner_points for row in contrast.rules)


@given(ANY, st.sampled_from(STACKS))
def test_the_change_is_the_smallest_that_makes_it_win_if_there_is_one(
    answers: Answers, stack: str
) -> None:
    won = stack == result_for(answers).recommended
    steps = [
        size
        for _, ladder in by_hand.ladders(by_hand.said(answers))
        for size, told in ladder
        if by_hand.winner(told) == stack
    ]
    change = why_not(GUIDE, answers, stack).change
    assert (change is None) == (won or not steps)
    if change is not None:
        assert recommend(GUIDE, change.answers).recommended == stack
        assert change.size == min(steps)


def test_a_stack_that_a_must_takes_out_says_which() -> None:
    contrast = why_not(GUIDE, say("realtime=must team:python=must"), "node-express")
    assert [against.because for against in contrast.screened] == ["The team must stay in Python."]
    assert contrast.change is not None
    assert (contrast.change.before, contrast.change.after) == ("python=must", "python")


def test_a_stack_that_cannot_win_is_never_made_to() -> None:
    contrast = why_not(GUIDE, say("high-concurrency"), "node-fastify")
    assert not contrast.can_win
    assert contrast.change is None


def test_asking_about_the_winner_finds_nothing_to_change() -> None:
    contrast = why_not(GUIDE, say("realtime"), "node-express")
    assert contrast.stack == contrast.winner
    assert contrast.change is None


def test_an_unknown_stack_is_a_usage_problem_that_names_the_nearest() -> None:
    with pytest.raises(UsageProblem) as problem:
        why_not(GUIDE, say(), "python-fast-api")
    assert problem.value.hint.startswith("Did you mean python-fastapi?")


@given(ANY, st.sampled_from(STACKS))
def test_it_can_be_told_as_json(answers: Answers, stack: str) -> None:
    result_for(answers)
    told = json.loads(json.dumps(why_not(GUIDE, answers, stack).as_json()))
    assert told["schema"] == 1
    assert round(sum(rule["points"] for rule in told["rules"]), 9) == told["score"]
    assert {"rule", "because", "points", "winner_points"} == set(told["rules"][0])
