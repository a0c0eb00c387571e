"""From the words of the flags to answers, and back."""

from __future__ import annotations

import pytest
from hypothesis import given

from scaffold.errors import UsageProblem
from scaffold.recommend import Answers
from tests.recommend.given import ANY, GUIDE, say


def test_a_need_is_important_when_nothing_is_said() -> None:
    assert say("saas realtime=must").needs == (("realtime", "must"), ("saas", "important"))


def test_a_team_has_an_importance_too() -> None:
    assert say("team:python=must") == Answers(team="python", team_importance="must")
    assert say("team:new").team_importance == "important"


def test_the_same_need_twice_alike_is_one_need() -> None:
    assert say("saas saas=important").needs == (("saas", "important"),)


def test_the_same_need_twice_otherwise_is_a_usage_problem() -> None:
    with pytest.raises(UsageProblem, match="saas is asked for twice, as important and as must"):
        say("saas saas=must")


@pytest.mark.parametrize(
    ("told", "message", "hint"),
    [
        ("realtme", "Unknown need 'realtme'", "Did you mean realtime?"),
        ("saas=mus", "Unknown importance 'mus'", "Did you mean must?"),
        ("saas=", "Unknown importance ''", "There is nice, important, must."),
        ("=must", "Unknown need ''", "There is rest-api, graphql"),
        ("team:pyton", "Unknown team 'pyton'", "Did you mean python?"),
        ("team:python=most", "Unknown importance 'most'", "Did you mean must?"),
        ("workload:gpu", "Unknown workload 'gpu'", "Did you mean cpu?"),
        ("language:nodejs", "Unknown language 'nodejs'", "Did you mean node?"),
        ("language:cobol", "Unknown language 'cobol'", "There is node, python."),
    ],
)
def test_an_unknown_name_is_a_usage_problem_that_names_the_nearest(
    told: str, message: str, hint: str
) -> None:
    with pytest.raises(UsageProblem) as problem:
        say(told)
    assert problem.value.message.startswith(message)
    assert problem.value.hint.startswith(hint)


def test_the_flags_stand_in_the_guides_order_and_leave_out_what_is_understood() -> None:
    answers = say("saas=nice realtime=must rest-api team:javascript workload:io language:node")
    assert " ".join(answers.flags()) == (
        "--need rest-api --need realtime=must --need saas=nice "
        "--team javascript --workload io --language node"
    )


def test_no_answers_need_no_flags() -> None:
    assert say().flags() == []


@given(ANY)
def test_the_flags_give_the_same_answers_again(answers: Answers) -> None:
    flags = answers.flags()
    pairs = list(zip(flags[::2], flags[1::2], strict=True))
    given = {flag.removeprefix("--"): value for flag, value in pairs if flag != "--need"}
    needs = [value for flag, value in pairs if flag == "--need"]
    assert Answers.parse(GUIDE, needs, **given) == answers


@given(ANY)
def test_answers_can_be_keys_and_cannot_be_changed(answers: Answers) -> None:
    assert {answers: 1}[Answers(*answers)] == 1
    with pytest.raises(AttributeError):
        answers.team = "python"  # type: ignore[misc]
