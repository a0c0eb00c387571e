"""The guide as data: every entry, and what is said when one is wrong."""

from __future__ import annotations

import ast
import re
import runpy
from typing import NamedTuple

import pytest

from scaffold.errors import ScaffoldError
from scaffold.guide import Condition, Rule, Stack, load_guide, parse_guide
from tests.conftest import ROOT

GUIDE = load_guide()
TEXT = (ROOT / "scaffold" / "guide.toml").read_text()
STACKS = {stack.id for stack in GUIDE.stacks}


VOCABULARY = [
    "admin",
    "ai-core",
    "ai-feature",
    "automation",
    "data-processing",
    "fullstack-js",
    "graphql",
    "high-concurrency",
    "microservices",
    "realtime",
    "rest-api",
    "saas",
    "scientific",
    "serverless",
    "web-app",
]


class Told(NamedTuple):
    """What every entry with a reason has."""

    id: str
    because: str
    sources: tuple[str, ...]
    link: str


ENTRIES = [
    Told(entry.id, entry.because, entry.sources, entry.link)
    for entries in (
        GUIDE.rules,
        GUIDE.caveats,
        GUIDE.screens,
        GUIDE.alternatives,
        GUIDE.services,
    )
    for entry in entries
]
by_id = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)


def test_the_guide_is_read_once() -> None:
    assert load_guide() is load_guide()


def test_the_vocabulary_is_the_published_one() -> None:
    assert sorted(GUIDE.choices("need")) == VOCABULARY
    assert GUIDE.choices("team") == ("javascript", "python", "both", "new")
    assert GUIDE.choices("workload") == ("io", "cpu", "mixed")
    assert GUIDE.choices("language") == ("node", "python")


def test_every_statement_that_bears_on_a_choice_is_cited() -> None:
    assert [s.id for s in GUIDE.statements] == [f"G{number:02}" for number in range(1, 43)]
    cited = {source for entry in ENTRIES for source in entry.sources} - {"house"}
    lists_of_names = {"G09", "G10"}
    assert {s.id for s in GUIDE.statements} - cited == lists_of_names


@by_id
def test_a_reason_is_a_sentence(entry: Told) -> None:
    assert re.fullmatch(r"[A-Z].{20,170}[A-Za-z]\.", entry.because)
    assert not re.search(r"\bG\d\d\b|  ", entry.because)
    assert not any(stack in entry.because for stack in STACKS)


@by_id
def test_a_rule_of_our_own_links_its_evidence_and_no_other_does(entry: Told) -> None:
    assert entry.sources
    assert ("house" in entry.sources) == entry.link.startswith("https://")
    assert "house" not in entry.sources or entry.sources == ("house",)


@by_id
def test_an_entry_is_named_once(entry: Told) -> None:
    assert [other.id for other in ENTRIES].count(entry.id) == 1


def test_no_reason_is_given_twice() -> None:
    sentences = [entry.because for entry in ENTRIES]
    assert sorted(sentences) == sorted(set(sentences))


@pytest.mark.parametrize("rule", GUIDE.rules, ids=lambda rule: rule.id)
def test_a_rule_tells_stacks_apart_or_names_a_team_at_home_in_all(rule: Rule) -> None:
    assert set(rule.favours) < STACKS or rule.when == Condition("team", "both")


@pytest.mark.parametrize("question", ["need", "team", "workload"])
def test_every_answer_is_heard_by_a_rule_or_a_service(question: str) -> None:
    heard = {rule.when for rule in GUIDE.rules} | {service.when for service in GUIDE.services}
    assert {Condition(question, value) for value in GUIDE.choices(question)} <= heard


@pytest.mark.parametrize("stack", GUIDE.stacks, ids=lambda stack: stack.id)
def test_every_stack_has_something_for_it_and_something_against_it(stack: Stack) -> None:
    assert any(stack.id in rule.favours for rule in GUIDE.rules if rule.when is None)
    assert any(stack.id in caveat.against for caveat in GUIDE.caveats if caveat.when is None)


def test_a_screen_keeps_the_stacks_that_are_best_at_what_is_a_must() -> None:
    for screen in GUIDE.screens:
        weights = {
            stack: sum(
                r.weight for r in GUIDE.rules if r.when == screen.when and stack in r.favours
            )
            for stack in STACKS
        }
        best = {stack for stack in STACKS if weights[stack] == max(weights.values())}
        assert best <= set(screen.leaves) or screen.when.question == "language"


def test_every_stack_leads_to_one_that_has_a_template() -> None:
    ready = {stack.id for stack in GUIDE.stacks if stack.ready}
    for stack in GUIDE.stacks:
        assert ready & {stack.id, *stack.nearest}


def test_questions_ask_and_helps_tell() -> None:
    for need in GUIDE.needs:
        assert need.title.endswith("?")
        assert need.help.endswith(".")
    for option in (*GUIDE.teams, *GUIDE.workloads, *GUIDE.languages):
        assert option.title[0].isupper()
        assert option.help.endswith(".")
    assert all(feature.help.endswith(".") for feature in GUIDE.features)


def test_needs_of_one_group_stand_together() -> None:
    groups = [need.group for need in GUIDE.needs]
    changes = [
        group for group, before in zip(groups, ["", *groups], strict=False) if group != before
    ]
    assert len(changes) == len(set(groups))


def test_a_need_knows_its_features() -> None:
    assert {need.id: need.features for need in GUIDE.needs if need.features} == {
        "realtime": ("realtime",),
        "ai-core": ("ml",),
        "ai-feature": ("ml",),
        "data-processing": ("data",),
        "scientific": ("data", "scientific"),
        "automation": ("jobs",),
    }


def test_an_unknown_stack_or_answer_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        GUIDE.stack("node")
    with pytest.raises(KeyError):
        GUIDE.option(Condition("need", "nothing"))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (('id = "RT01"', 'id = "RT02"'), "rule RT02 is there twice"),
        (('id = "RT01"', 'name = "RT01"'), "rule has no id"),
        (('id = "RT01"', "id = 1"), "rule 1 needs a text as id"),
        (('id = "RT01"', 'id = "RT01"\ncolour = "red"'), "RT01 has an unknown field 'colour'"),
        (('id = "RT01"', "id = "), "nvalid"),
        (('favours = ["node"]', 'favours = ["nodes"]'), "DEF01 names 'nodes' in favours"),
        (('favours = ["node"]', "favours = [[]]"), "DEF01 names \\[\\] in favours"),
        (('favours = ["node"]', "favours = []"), "DEF01 has no favours"),
        (("weight = 14", "weight = 16"), "ADM01 has a weight that is not between 1 and 15"),
        (("weight = 14", "weight = true"), "ADM01 needs a whole number as weight"),
        (('when = { need = "realtime" }', 'when = { need = "rt" }'), "RT01 waits for need = 'rt'"),
        (
            ('when = { need = "realtime" }', 'when = { mood = "bad" }'),
            "RT01 waits for mood = 'bad'",
        ),
        (
            ('when = { need = "realtime" }', 'when = { need = "realtime", team = "new" }'),
            "RT01 looks at more than one answer",
        ),
        (
            ('when = { team = "javascript" }\nleaves', "when = {}\nleaves"),
            "S-TJS waits for no answer",
        ),
        (('source = ["G31"]', "source = []"), "SAAS01 has no source"),
        (('source = ["G31"]', 'source = ["G99"]'), "SAAS01 names 'G99' in source"),
        (
            ('source = ["G31"]', 'source = ["house"]'),
            "SAAS01 is a house rule without an https link",
        ),
        (('language = "node"', 'language = "perl"'), "node-express is in 'perl'"),
        (
            ('nearest = ["node-fastify"', 'nearest = ["node-koa"'),
            "node-express whose nearest is unknown",
        ),
        (('stack = "node-fastify"', 'stack = "node"'), "A-FST names the stack 'node'"),
        (("can_win = true", "can_win = 1"), "node-express needs a truth value as can_win"),
        (
            ('because = "The team must stay in JavaScript."', 'because = " "'),
            "S-TJS has an empty bec",
        ),
        (
            ("close_from = 4", "close_from = 4\nnothing = 1"),
            "guide.toml has an unknown field 'nothing'",
        ),
        (("[[service]]", "[service]"), "guide.toml needs a list as service"),
    ],
)
def test_a_mistake_is_told_with_the_name_of_its_entry(
    change: tuple[str, str], complaint: str
) -> None:
    assert change[0] in TEXT
    with pytest.raises(ScaffoldError, match=complaint) as problem:
        parse_guide(TEXT.replace(*change, 1))
    assert problem.value.message.startswith("The guide is malformed: ")
    assert problem.value.hint


def test_an_entry_must_be_a_table() -> None:
    with pytest.raises(ScaffoldError, match="statement is not a table"):
        parse_guide("statement = [1]")


def test_some_stack_must_be_able_to_win() -> None:
    with pytest.raises(ScaffoldError, match="has no stack that can win"):
        parse_guide(TEXT.replace("can_win = true", "can_win = false"))


def test_the_shipped_text_is_what_is_loaded() -> None:
    assert parse_guide(TEXT) == GUIDE


def test_code_names_no_stack_and_no_entry() -> None:
    names = [*STACKS, *(entry.id for entry in ENTRIES)]
    code = {path.name: path.read_text() for path in (ROOT / "scaffold").rglob("*.py")}
    assert not [(file, name) for file, text in code.items() for name in names if name in text]


@pytest.mark.parametrize("room", ["guide", "recommend", "decision"])
def test_the_recommender_knows_no_answer_by_name(room: str) -> None:
    answers = {
        answer for q in ("need", "team", "workload", "language") for answer in GUIDE.choices(q)
    }
    paths = list((ROOT / "scaffold" / room).glob("*.py"))
    nodes = [node for path in paths for node in ast.walk(ast.parse(path.read_text()))]
    constants = {node.value for node in nodes if isinstance(node, ast.Constant)}
    assert constants
    assert not constants & answers


def test_the_page_of_the_guide_is_fresh() -> None:
    write = runpy.run_path(str(ROOT / "scripts" / "guide_page.py"))
    assert write["PAGE"].read_text() == write["page"](GUIDE), "run: python scripts/guide_page.py"
