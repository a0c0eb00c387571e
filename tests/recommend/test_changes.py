"""Flips: each one true, each the smallest, none missed."""

from __future__ import annotations

from hypothesis import given

from scaffold.recommend import Answers, Change, Recommendation, recommend
from scaffold.recommend.changes import ladders
from tests.recommend import by_hand
from tests.recommend.given import ANY, GUIDE, say
from tests.recommend.test_scoring import result_for


@given(ANY)
def test_each_announced_flip_flips_when_it_is_applied(answers: Answers) -> None:
    result = result_for(answers)
    for flip in result.flips:
        after = recommend(GUIDE, flip.change.answers)
        assert after.recommended == flip.winner != result.recommended


@given(ANY)
def test_the_flips_are_all_the_smallest_ones_there_are(answers: Answers) -> None:
    result, told = result_for(answers), by_hand.said(answers)
    expected = []
    for _, steps in by_hand.ladders(told):
        winners = [(by_hand.winner(step), sorted(step.items())) for _, step in steps]
        turned = [pair for pair in winners if pair[0] not in (None, result.recommended)]
        expected += turned[:1]
    found = [(f.winner, sorted(by_hand.said(f.change.answers).items())) for f in result.flips]
    assert sorted(found) == sorted(expected)


@given(ANY)
def test_the_smallest_flips_come_first(answers: Answers) -> None:
    sizes = [flip.change.size for flip in result_for(answers).flips]
    assert sizes == sorted(sizes)


@given(ANY)
def test_a_change_alters_one_answer_and_no_other(answers: Answers) -> None:
    for ladder in ladders(GUIDE, answers):
        for change in ladder:
            before, after = by_hand.said(answers), by_hand.said(change.answers)
            touched = {key[0] for key in before.keys() ^ after.keys()}
            touched |= {key[0] for key in before.keys() & after.keys() if before[key] != after[key]}
            assert touched == {change.question}
            assert _parsed_again(change.answers) == change.answers


def _parsed_again(answers: Answers) -> Answers:
    needs = [f"{need}={importance}" for need, importance in answers.needs]
    team = f"{answers.team}={answers.team_importance}" if answers.team else None
    return Answers.parse(GUIDE, needs, team, answers.workload, answers.language)


def test_a_flip_says_what_was_and_what_would_be() -> None:
    told = {_key(flip.change): flip.winner for flip in _result("saas team:javascript").flips}
    assert told["saas", "important", "nice"] == "node-express"
    assert told["web-app", "off", "must"] == "python-django"
    assert told["team", "javascript", "python"] == "python-django"
    assert told["language", "off", "python"] == "python-django"


def test_a_flip_of_the_teams_importance_climbs_or_falls() -> None:
    told = {_key(flip.change): flip.winner for flip in _result("realtime team:python").flips}
    assert told["team", "python", "python=nice"] == "node-express"
    assert told["team", "python", "both"] == "node-express"


def test_a_winner_that_no_single_answer_can_topple_has_no_flips() -> None:
    assert _result("admin=must web-app=must team:python=must").flips == ()


def _result(told: str) -> Recommendation:
    return recommend(GUIDE, say(told))


def _key(change: Change) -> tuple[str, str, str]:
    return (change.subject or change.question, change.before, change.after)
