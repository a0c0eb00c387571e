"""A recommendation as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given

from scaffold.recommend import Answers, recommend
from tests.recommend.given import ANY, GUIDE, STACKS, say
from tests.recommend.test_scoring import result_for


def test_the_whole_form() -> None:
    told = recommend(GUIDE, say("saas ai-feature realtime=must")).as_json()
    assert list(told) == [
        "schema",
        "recommended",
        "language",
        "services",
        "confidence",
        "margin",
        "runner_up",
        "ranking",
        "alternatives",
        "flips",
        "features",
        "effects",
    ]
    assert told["schema"] == 1
    assert (told["recommended"], told["language"]) == ("node-nestjs", "node")
    assert told["services"] == [
        {"name": "api", "stack": "node-nestjs", "features": ["realtime", "ml-client"]},
        {"name": "ml", "stack": "python-fastapi", "features": ["ml"]},
    ]
    assert (told["confidence"], told["margin"]) == ("close", 0.06)
    assert told["runner_up"] == "node-express"
    assert told["features"] == ["realtime", "ml-client"]
    assert told["flips"][0] == {
        "change": {"need": "saas", "from": "important", "to": "nice"},
        "winner": "node-express",
    }


def test_a_reason_names_its_rule_points_sentence_and_source() -> None:
    best = recommend(GUIDE, say("saas")).as_json()["ranking"][0]
    reasons = {reason["source"]: reason for reason in best["reasons"]}
    assert reasons["G31"] == {
        "rule": "SAAS01",
        "points": 0.08,
        "because": "A SaaS platform is mostly API and web front end, which is the ground where "
        "Node.js is the usual choice.",
        "source": "G31",
        "sources": ["G31"],
    }
    assert reasons["house"]["link"].startswith("https://")


def test_a_stack_that_is_out_says_why() -> None:
    ranking = recommend(GUIDE, say("admin=must")).as_json()["ranking"]
    assert [ranked["screened_out"] is None for ranked in ranking] == [True] + [False] * 5
    assert "Django admin is a must" in ranking[1]["screened_out"]


@given(ANY)
def test_printed_points_sum_to_the_printed_score(answers: Answers) -> None:
    told = json.loads(json.dumps(result_for(answers).as_json()), parse_float=Decimal)
    for ranked in told["ranking"]:
        assert sum(reason["points"] for reason in ranked["reasons"]) == ranked["score"]


@given(ANY)
def test_the_same_answers_give_the_same_text(answers: Answers) -> None:
    first, second = (json.dumps(result_for(answers).as_json()) for _ in range(2))
    assert first == second
    assert json.loads(first)["recommended"] in STACKS


@given(ANY)
def test_a_recommendation_cannot_be_changed_and_can_be_a_key(answers: Answers) -> None:
    result = result_for(answers)
    assert {result: 1}[result] == 1
    with pytest.raises(AttributeError):
        result.recommended = STACKS[0]  # type: ignore[misc]


def test_nothing_slow_is_imported_to_recommend() -> None:
    slow = {"dataclasses", "inspect", "pathlib", "difflib", "json", "click", "copier", "asyncio"}
    code = (
        "import sys; from scaffold.guide import load_guide; from scaffold import recommend as r\n"
        "r.recommend(load_guide(), r.Answers())\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True
    )
    assert not slow & set(done.stdout.split())
