"""What must come out: the guide's own cases, and our judgement of many more."""

from __future__ import annotations

import pytest

from scaffold.guide import Rule, Stack
from scaffold.recommend import recommend
from scaffold.recommend.scoring import winner
from tests.recommend.given import GUIDE, NEEDS, say

EXPRESS, NEST, FASTIFY = "node-express", "node-nestjs", "node-fastify"
FASTAPI, DJANGO, FLASK = "python-fastapi", "python-django", "python-flask"

PUBLISHED = [
    ("", EXPRESS),
    ("rest-api", EXPRESS),
    ("realtime", EXPRESS),
    ("saas team:javascript", NEST),
    ("microservices team:javascript", NEST),
    ("graphql fullstack-js team:javascript", NEST),
    ("ai-core", FASTAPI),
    ("ai-feature saas", NEST),
    ("ai-feature", EXPRESS),
    ("data-processing", FASTAPI),
    ("scientific", FASTAPI),
    ("automation", FASTAPI),
    ("web-app", DJANGO),
    ("admin", DJANGO),
    ("rest-api team:python", FASTAPI),
    ("web-app team:new", DJANGO),
]
OURS = [
    ("fullstack-js", EXPRESS),
    ("serverless", EXPRESS),
    ("high-concurrency", EXPRESS),
    ("workload:io", EXPRESS),
    ("workload:cpu", FASTAPI),
    ("workload:mixed", EXPRESS),
    ("team:javascript", EXPRESS),
    ("team:both", EXPRESS),
    ("team:python", FASTAPI),
    ("team:new", DJANGO),
    ("language:python", FASTAPI),
    ("language:node", EXPRESS),
    ("saas", NEST),
    ("saas rest-api", NEST),
    ("saas realtime", NEST),
    ("realtime=must saas team:javascript", NEST),
    ("saas web-app", DJANGO),
    ("saas admin", DJANGO),
    ("saas team:python", DJANGO),
    ("saas team:python=must", DJANGO),
    ("microservices", NEST),
    ("microservices team:python", FASTAPI),
    ("graphql", NEST),
    ("graphql team:python=must", FASTAPI),
    ("realtime team:python=must", FASTAPI),
    ("realtime=must admin=must", DJANGO),
    ("high-concurrency team:python", FASTAPI),
    ("high-concurrency realtime team:javascript", EXPRESS),
    ("rest-api web-app admin", DJANGO),
    ("rest-api ai-core", FASTAPI),
    ("rest-api data-processing", FASTAPI),
    ("ai-core realtime", FASTAPI),
    ("ai-core team:javascript", FASTAPI),
    ("ai-core=must team:javascript", FASTAPI),
    ("ai-feature web-app", DJANGO),
    ("ai-feature realtime fullstack-js", EXPRESS),
    ("admin team:javascript", DJANGO),
    ("web-app=must team:javascript", DJANGO),
    ("web-app team:javascript=must", EXPRESS),
    ("web-app=nice rest-api", EXPRESS),
    ("scientific=must realtime", FASTAPI),
    ("automation team:javascript=must", EXPRESS),
    ("data-processing workload:cpu team:python", FASTAPI),
    ("serverless rest-api team:python", FASTAPI),
]


@pytest.mark.parametrize(("told", "stack"), PUBLISHED)
def test_the_published_guide_is_followed(told: str, stack: str) -> None:
    assert recommend(GUIDE, say(told)).recommended == stack


@pytest.mark.parametrize(("told", "stack"), OURS)
def test_judgement(told: str, stack: str) -> None:
    assert recommend(GUIDE, say(told)).recommended == stack


@pytest.mark.parametrize("rule", GUIDE.rules, ids=lambda rule: rule.id)
def test_no_published_case_hangs_on_the_last_digit_of_a_weight(rule: Rule) -> None:
    for weight in (rule.weight - 1, rule.weight + 1):
        rules = tuple(r._replace(weight=weight) if r == rule else r for r in GUIDE.rules)
        other = GUIDE._replace(rules=rules)
        found = [(told, winner(other, say(told).said())) for told, _ in PUBLISHED]
        assert found == PUBLISHED


def test_realtime_switches_its_feature_on() -> None:
    assert recommend(GUIDE, say("realtime=nice")).features == ("realtime",)
    assert recommend(GUIDE, say("rest-api")).features == ()


def test_high_concurrency_goes_to_node_and_names_the_lighter_framework() -> None:
    result = recommend(GUIDE, say("high-concurrency workload:io"))
    assert result.language == "node"
    assert [offer.stack for offer in result.alternatives] == [FASTIFY]


def test_automation_names_the_lighter_python_framework() -> None:
    result = recommend(GUIDE, say("automation"))
    assert [offer.stack for offer in result.alternatives] == [FLASK]


@pytest.mark.parametrize("told", ["realtime=nice ai-core", "admin=must"])
def test_no_alternative_is_offered_that_cannot_do_what_is_asked(told: str) -> None:
    assert recommend(GUIDE, say(told)).alternatives == ()


@pytest.mark.parametrize(
    ("told", "services"),
    [
        ("ai-feature", [("api", EXPRESS), ("ml", FASTAPI)]),
        ("ai-feature saas", [("api", NEST), ("ml", FASTAPI)]),
        ("ai-feature=nice language:node", [("api", EXPRESS), ("ml", FASTAPI)]),
        ("ai-feature team:python", [("api", FASTAPI)]),
        ("ai-feature admin", [("api", DJANGO)]),
        ("ai-feature team:javascript=must", [("api", EXPRESS)]),
        ("ai-core", [("api", FASTAPI)]),
        ("saas", [("api", NEST)]),
    ],
)
def test_ai_features_get_a_python_service_where_the_main_one_is_none(
    told: str, services: list[tuple[str, str]]
) -> None:
    found = recommend(GUIDE, say(told)).services
    assert [(service.name, service.stack) for service in found] == services


def test_a_saas_by_a_python_team_is_no_clear_case_and_says_what_would_turn_it() -> None:
    result = recommend(GUIDE, say("saas team:python"))
    assert result.confidence in ("close", "toss-up")
    assert any(flip.change.question == "team" for flip in result.flips)


@pytest.mark.parametrize("stack", [stack for stack in GUIDE.stacks if stack.can_win])
def test_every_stack_that_can_win_wins_for_one_need_alone(stack: Stack) -> None:
    assert stack.id in {_winner(need) for need in NEEDS}


def test_the_four_that_can_win() -> None:
    assert [stack.id for stack in GUIDE.stacks if stack.can_win] == [EXPRESS, NEST, FASTAPI, DJANGO]


@pytest.mark.parametrize(
    ("told", "confidence"),
    [
        ("web-app admin", "clear"),
        ("", "close"),
        ("team:python", "toss-up"),
        ("admin=must", "clear"),
    ],
)
def test_confidence_comes_from_the_lead(told: str, confidence: str) -> None:
    assert recommend(GUIDE, say(told)).confidence == confidence


@pytest.mark.parametrize(
    ("close_from", "clear_from", "confidence"),
    [(6, 7, "close"), (5, 6, "clear"), (7, 8, "toss-up")],
)
def test_a_band_begins_at_its_limit(close_from: int, clear_from: int, confidence: str) -> None:
    guide = GUIDE._replace(close_from=close_from, clear_from=clear_from)
    result = recommend(guide, say("saas"))
    assert (result.margin, result.confidence) == (6, confidence)


def test_a_winner_without_a_rival_leads_by_its_whole_score() -> None:
    result = recommend(GUIDE, say("admin=must"))
    assert result.runner_up is None
    assert result.margin == result.ranking[0].score


@pytest.mark.parametrize("question", ["need", "team", "workload", "language"])
def test_no_question_is_dead(question: str) -> None:
    nothing = recommend(GUIDE, say())
    for value in GUIDE.choices(question):
        word = value if question == "need" else f"{question}:{value}"
        told = recommend(GUIDE, say(word))
        assert (told.ranking, told.services) != (nothing.ranking, nothing.services), value


# AI as a feature adds a service, a team that knows both and a mixed workload leave things open.
STEADY = {"ai-feature", "team:both", "workload:mixed"}
WORDS = [*NEEDS, *(f"{q}:{v}" for q in ("team", "workload") for v in GUIDE.choices(q))]


@pytest.mark.parametrize("word", [word for word in WORDS if word not in STEADY])
def test_an_answer_can_turn_the_recommendation(word: str) -> None:
    question = word.partition(":")[0]
    others = [other for other in ("", *WORDS) if not other.startswith(question)]
    assert any(_winner(other) != _winner(f"{other} {word}") for other in others)


def _winner(told: str) -> str:
    return recommend(GUIDE, say(told)).recommended
