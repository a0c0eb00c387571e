"""The decision record."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scaffold.decision import decision_record
from scaffold.recommend import Answers, Contradiction, Service, recommend, services
from tests.recommend.given import ANY, GUIDE, STACKS, say

COMMAND = "scaffold new shop --need saas"


def record(answers: Answers, stack: str | None = None, made: Sequence[Service] = ()) -> str:
    result = recommend(GUIDE, answers)
    return decision_record(
        GUIDE,
        answers,
        result,
        made or services(GUIDE, answers, stack or result.recommended),
        project_name="shop",
        date="2026-11-23",
        version="v1.2.0",
        command=COMMAND,
    )


def section(text: str, heading: str) -> str:
    return re.split(r"^#+ ", text.partition(f"# {heading}\n")[2], maxsplit=1, flags=re.M)[0].strip()


def test_it_has_the_sections_of_madr_4_in_their_order() -> None:
    headings = re.findall(r"^##?#? .*", record(say("saas")), flags=re.M)
    assert [h for h in headings if h not in ("### Express", "### Fastify")] == [
        "# Build shop on NestJS with PostgreSQL",
        "## Context and Problem Statement",
        "## Decision Drivers",
        "## Considered Options",
        "## Decision Outcome",
        "### What the Requirements Brought",
        "### Consequences",
        "### Confirmation",
        "### What Would Change It",
        "## Pros and Cons of the Other Options",
        "### Django",
        "### FastAPI",
        "### Flask",
        "## More Information",
    ]


def test_its_front_matter_says_when_it_was_accepted() -> None:
    assert record(say()).startswith("---\nstatus: accepted\ndate: 2026-11-23\n---\n\n# Build shop")


def test_the_drivers_are_the_answers_with_their_importance() -> None:
    drivers = section(record(say("realtime=must team:javascript workload:io")), "Decision Drivers")
    assert [line.partition(":")[0] for line in drivers.splitlines()] == [
        "* need `realtime` (must)",
        "* team `javascript` (important)",
        "* workload `io` (important)",
    ]


def test_the_options_have_their_scores_and_why_they_are_out() -> None:
    options = section(record(say("realtime=must")), "Considered Options").splitlines()
    assert options[0] == "* Express: 0.42"
    assert options[-1].startswith("* Flask: 0.02, ruled out: Real-time is a must")
    assert len(options) == len(STACKS)


def test_taking_the_recommendation_is_argued_from_the_lead() -> None:
    assert section(record(say("saas")), "Decision Outcome") == (
        'Chosen option: "NestJS", because it scores highest, 0.06 ahead of Express: a close call.'
    )


def test_another_choice_is_set_beside_the_recommendation() -> None:
    outcome = section(record(say("saas"), "python-django"), "Decision Outcome")
    assert outcome == (
        'Chosen option: "Django", because it was asked for by name. '
        'For these requirements, "NestJS" is recommended (0.26 to 0.14).'
    )


def test_a_choice_against_a_must_says_so() -> None:
    outcome = section(record(say("team:python=must"), "node-express"), "Decision Outcome")
    assert outcome.endswith("Against the choice: The team must stay in Python.")


def test_a_stack_by_name_alone_is_recorded_as_such() -> None:
    text = record(say(), "python-fastapi")
    assert "No requirements were stated" in section(text, "Context and Problem Statement")
    assert section(text, "Decision Drivers").startswith("* None was stated")
    assert "a project of which nothing is stated" in section(text, "Decision Outcome")
    assert "`scaffold recommend`" in section(text, "Confirmation")


def test_the_only_stack_left_needs_no_score() -> None:
    outcome = section(record(say("admin=must")), "Decision Outcome")
    assert outcome.endswith("it is the only one of the recommended stacks that the musts leave.")


def test_further_services_and_features_are_part_of_the_outcome() -> None:
    outcome = section(record(say("ai-feature realtime")), "Decision Outcome")
    assert re.search(r"\* A further service, `ml`, on FastAPI[^:]*: The AI features get", outcome)
    assert "* Feature `realtime`: Real-time feed over WebSocket." in outcome


def test_a_service_that_the_guide_does_not_know_was_asked_for_by_name() -> None:
    main, other = Service("api", "node-express", "node"), Service("mail", "node-fastify", "node")
    outcome = section(record(say("saas"), made=[main, other]), "Decision Outcome")
    assert "* A further service, `mail`, on Fastify: it was asked for by name." in outcome


def test_it_says_what_each_requirement_changes_and_what_changes_nothing() -> None:
    brought = section(record(say("realtime saas")), "What the Requirements Brought")
    assert "* `realtime`: Adds the feature realtime." in brought
    assert re.search(r"\* `saas`: Weighs in the choice of a stack; .+ yours to add\.", brought)


def test_a_python_choice_needs_no_second_python_service() -> None:
    assert "A further service" not in record(say("ai-feature"), "python-django")


def test_the_consequences_are_good_and_bad_with_points_and_evidence() -> None:
    lines = section(record(say("saas")), "Consequences").splitlines()
    assert any(re.fullmatch(r"\* Good, because: .* \(0\.08 points, G31\)", line) for line in lines)
    assert any(
        re.fullmatch(r"\* Bad, because: .* \(\[evidence\]\(https://.*\)\)", line) for line in lines
    )


def test_the_confirmation_is_a_command_that_weighs_the_same_requirements() -> None:
    confirmation = section(record(say("saas team:python")), "Confirmation")
    assert "`scaffold recommend --need saas --team python`" in confirmation


def test_what_would_change_it_lists_the_flips() -> None:
    changes = section(record(say("saas")), "What Would Change It")
    assert "would end the lead of NestJS:" in changes
    assert "* `saas` went from important to nice: Express" in changes


def test_what_would_have_made_the_chosen_stack_the_recommended_one() -> None:
    changes = section(record(say("saas"), "node-express"), "What Would Change It")
    assert changes.startswith("Express would be recommended if `saas` went from important to nice.")


def test_a_stack_that_cannot_win_says_that_nothing_would() -> None:
    changes = section(record(say("saas"), "node-fastify"), "What Would Change It")
    assert changes.startswith("No change of a single answer would make Fastify the recommended")


def test_a_lead_that_no_answer_ends_says_so() -> None:
    changes = section(
        record(say("admin=must web-app=must team:python=must")), "What Would Change It"
    )
    assert changes == "No change of a single answer would end the lead of Django."


def test_it_tells_where_it_came_from_and_what_the_ids_mean() -> None:
    more = section(record(say("saas")), "More Information")
    assert "from the templates v1.2.0" in more
    assert f"```sh\n{COMMAND}\n```" in more
    assert "* G31: Choose Node.js for a SaaS platform." in more
    assert "G40" not in more


@settings(max_examples=40, deadline=None, derandomize=True)
@given(ANY, st.sampled_from(STACKS))
def test_every_record_is_whole_and_clean_markdown(answers: Answers, stack: str) -> None:
    try:
        result = recommend(GUIDE, answers)
    except Contradiction:
        assume(False)
    text = record(answers, stack)
    for ranked in result.ranking:
        assert all(reason.because in text for reason in ranked.reasons)
        assert all(a.because in text for a in (*ranked.against, *ranked.screened))
    assert text.endswith("\n")
    assert not re.search(r" $|\n\n\n|\n\n\Z|\bNone\b(?! was stated)|\(\)", text, flags=re.M)
    assert not re.search(r"[^\n]\n#|^#[^\n]*\n[^\n]", text.partition("```")[0], flags=re.M)


@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_can_be_recorded(stack: str) -> None:
    title = GUIDE.stack(stack).title
    assert record(say("rest-api"), stack).count(f"# Build shop on {title} with PostgreSQL") == 1
