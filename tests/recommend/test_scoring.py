"""Properties of the scores."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scaffold.guide import IMPORTANCES, Stack
from scaffold.recommend import Answers, Contradiction, Recommendation, recommend
from scaffold.recommend.scoring import candidates, tally
from tests.recommend import by_hand
from tests.recommend.given import ANY, EASY, GUIDE, NEEDS, STACKS, TEAMS, say


def result_for(answers: Answers) -> Recommendation:
    try:
        return recommend(GUIDE, answers)
    except Contradiction:
        assume(False)
        raise


@given(ANY)
def test_points_sum_to_the_score(answers: Answers) -> None:
    for ranked in result_for(answers).ranking:
        assert sum(reason.points for reason in ranked.reasons) == ranked.score
        assert all(reason.points > 0 for reason in ranked.reasons)


@given(ANY)
def test_the_weightiest_reasons_come_first(answers: Answers) -> None:
    for ranked in result_for(answers).ranking:
        points = [reason.points for reason in ranked.reasons]
        assert points == sorted(points, reverse=True)


@given(ANY)
def test_scores_and_winner_are_those_worked_out_by_hand(answers: Answers) -> None:
    result, told = result_for(answers), by_hand.said(answers)
    assert {ranked.stack: ranked.score for ranked in result.ranking} == by_hand.scores(told)
    assert result.recommended == by_hand.winner(told)
    assert {r.stack for r in result.ranking if not r.screened} == by_hand.left(told)


@given(ANY)
def test_the_ranking_has_every_stack_once_and_falls(answers: Answers) -> None:
    result = result_for(answers)
    left = [ranked for ranked in result.ranking if not ranked.screened]
    assert result.ranking[0].stack == result.recommended
    assert sorted(ranked.stack for ranked in result.ranking) == sorted(STACKS)
    assert [r.score for r in left] == sorted((r.score for r in left), reverse=True)
    assert result.ranking[: len(left)] == tuple(left)


@given(ANY)
def test_the_margin_is_the_lead_over_the_runner_up(answers: Answers) -> None:
    result = result_for(answers)
    scores = {ranked.stack: ranked.score for ranked in result.ranking}
    rivals = [scores[s] for s in candidates(GUIDE, answers.said()) if s != result.recommended]
    assert result.margin == scores[result.recommended] - max(rivals, default=0)
    assert result.margin >= 0


@given(ANY)
def test_there_is_always_something_against_the_winner(answers: Answers) -> None:
    assert result_for(answers).ranking[0].against


@given(ANY, st.randoms(use_true_random=False))
def test_the_order_of_the_questions_is_irrelevant(answers: Answers, random: Random) -> None:
    needs = list(answers.needs)
    random.shuffle(needs)
    shuffled = answers._replace(needs=tuple(needs))
    assert result_for(shuffled).as_json() == result_for(answers).as_json()
    assert Answers.parse(GUIDE, [f"{n}={i}" for n, i in needs]).needs == answers.needs


@given(ANY, st.sampled_from(STACKS))
def test_a_stack_less_changes_no_other_score(answers: Answers, gone: str) -> None:
    fewer = GUIDE._replace(stacks=tuple(s for s in GUIDE.stacks if s.id != gone))
    everywhere = tally(GUIDE, answers.said())
    del everywhere[gone]
    rules = tuple(r._replace(favours=tuple(set(r.favours) - {gone})) for r in GUIDE.rules)
    assert tally(fewer._replace(rules=rules), answers.said()) == everywhere


@given(ANY)
def test_a_stack_more_changes_no_other_score(answers: Answers) -> None:
    new = Stack("new", "New", "python", "A new one.", True, False, ())
    rules = tuple(r._replace(favours=(*r.favours, new.id)) for r in GUIDE.rules)
    more = tally(GUIDE._replace(stacks=(*GUIDE.stacks, new), rules=rules), answers.said())
    del more[new.id]
    assert more == tally(GUIDE, answers.said())


@given(ANY, st.sampled_from(NEEDS), st.sampled_from([("nice", "important"), ("important", "must")]))
def test_raising_a_need_never_lowers_a_stack_that_is_better_at_it(
    answers: Answers, need: str, step: tuple[str, str]
) -> None:
    others = tuple(pair for pair in answers.needs if pair[0] != need)
    low, high = (answers._replace(needs=(*others, (need, level))) for level in step)
    _never_lowers(low, high, _gains("need", need))


@given(EASY, st.sampled_from(TEAMS), st.sampled_from([(0, 1), (1, 2)]))
def test_raising_a_team_never_lowers_a_stack_that_suits_it(
    answers: Answers, team: str, step: tuple[int, int]
) -> None:
    low, high = (answers._replace(team=team, team_importance=IMPORTANCES[at]) for at in step)
    _never_lowers(low, high, _gains("team", team))


def _gains(question: str, value: str) -> dict[str, int]:
    bare = by_hand.scores({})
    told = by_hand.scores({(question, value): "nice"})
    return {stack: told[stack] - bare[stack] for stack in bare}


def _never_lowers(low: Answers, high: Answers, gains: dict[str, int]) -> None:
    """A better stack keeps its score, its lead on every worse one, its place, and its win."""
    before, after = tally(GUIDE, low.said()), tally(GUIDE, high.said())
    better = [stack for stack in STACKS if gains[stack] == max(gains.values())]
    for stack in better:
        assert after[stack] >= before[stack]
        for other in STACKS:
            assert after[stack] - after[other] >= before[stack] - before[other]
    able, still = candidates(GUIDE, low.said()), candidates(GUIDE, high.said())
    assert set(better) & set(able) <= set(still)
    if able and by_hand.winner(by_hand.said(low)) in better:
        assert by_hand.winner(by_hand.said(high)) in better


@given(ANY)
def test_a_stack_that_is_only_offered_never_outscores_the_winner(answers: Answers) -> None:
    ranking = result_for(answers).ranking
    assert all(r.score <= ranking[0].score for r in ranking if not r.screened)


def test_only_the_musts_can_make_a_stack_win_that_otherwise_cannot() -> None:
    leaves = ("python-flask",)
    screens = tuple(s._replace(leaves=leaves) for s in GUIDE.screens if s.when.value == "admin")
    forced = GUIDE._replace(screens=screens)
    result = recommend(forced, say("admin=must"))
    assert result.recommended == "python-flask"
    assert recommend(forced, say("admin")).recommended == "python-django"


def test_a_tie_goes_to_the_stack_that_stands_first_in_the_guide() -> None:
    silent = GUIDE._replace(rules=())
    result = recommend(silent, say())
    assert (result.recommended, result.margin, result.confidence) == (STACKS[0], 0, "toss-up")


@pytest.mark.parametrize(("importance", "times"), [("nice", 1), ("important", 2), ("must", 3)])
def test_importance_multiplies_the_weight(importance: str, times: int) -> None:
    rule = next(rule for rule in GUIDE.rules if rule.when and rule.when.value == "saas")
    ranked = recommend(GUIDE, say(f"saas={importance}")).ranking[0]
    points = {reason.rule: reason.points for reason in ranked.reasons}
    assert points[rule.id] == rule.weight * times
