"""The questions, answered by a stand-in for the user's hands; test_ask drives the real prompts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from scaffold.cli.interview import interview
from scaffold.guide import Stack
from scaffold.terminal import ask
from scaffold.terminal.ask import Option
from scaffold.wish import Wish

STOP = KeyboardInterrupt()


class Hands:
    """Gives the scripted answers in order; `DEFAULT` takes what the prompt offers."""

    def __init__(self) -> None:
        self.script: list[object] = []
        self.asked: list[str] = []

    def answer(self, question: str, default: object) -> object:
        self.asked.append(question)
        given = self.script.pop(0)
        if isinstance(given, BaseException):
            raise given
        return default if given is DEFAULT else given


DEFAULT = object()


@pytest.fixture
def hands(here: Path, monkeypatch: pytest.MonkeyPatch) -> Hands:
    hands = Hands()

    def many(question: str, options: Sequence[Option], chosen: Iterable[str] = ()) -> object:
        return hands.answer(question, [o.value for o in options if o.value in set(chosen)])

    def one(question: str, options: Sequence[Option], default: str | None = None) -> object:
        answer = hands.answer(question, default)
        assert answer in [option.value for option in options]
        return answer

    def text(question: str, default: str, check: Callable[[str], str]) -> object:
        while check(str(answer := hands.answer(question, default))):
            pass
        return answer

    monkeypatch.setattr(ask, "many", many)
    monkeypatch.setattr(ask, "one", one)
    monkeypatch.setattr(ask, "text", text)
    monkeypatch.setattr(ask, "yes", hands.answer)
    return hands


def test_the_whole_way_with_every_question(
    hands: Hands, capsys: pytest.CaptureFixture[str]
) -> None:
    hands.script = [
        *(["realtime", "rest-api", "web-app"], ["realtime"], ["web-app"]),
        *("javascript", True, "io"),
        *(DEFAULT, "shop", DEFAULT, False, "make"),
    ]
    plan = interview(Wish())
    assert plan.project.command() == (
        "scaffold new shop --stack node-express --need rest-api --need realtime=must "
        "--need web-app=nice --team javascript=must --workload io --feature realtime --yes"
    )
    shown = capsys.readouterr().out
    assert shown.index("Recommended: Express") < shown.index("To be made")
    assert not hands.script


def test_someone_who_says_nothing_gets_the_default(hands: Hands) -> None:
    hands.script = [[], "skip", "skip", DEFAULT, "shop", DEFAULT, False, "make"]
    assert interview(Wish()).project.main.stack == "node-express"
    assert "Which of these can it not do without?" not in hands.asked


def test_what_flags_have_said_is_not_asked(hands: Hands) -> None:
    hands.script = ["make"]
    wish = Wish(directory="shop", stack="python-fastapi", features=("none",), install=False)
    plan = interview(wish)
    assert hands.asked == ["All right?"]
    assert plan.project.main.stack == "python-fastapi"


def test_requirements_by_flags_still_show_the_recommendation(
    hands: Hands, capsys: pytest.CaptureFixture[str]
) -> None:
    hands.script = ["python-fastapi", "make"]
    interview(Wish(directory="shop", needs=("rest-api",), features=("none",), install=False))
    assert "Recommended: Express" in capsys.readouterr().out


def test_a_stack_without_a_template_leads_to_the_nearest(
    hands: Hands, capsys: pytest.CaptureFixture[str], missing: Stack
) -> None:
    hands.script = [missing.id, DEFAULT, "make"]
    wish = Wish(directory="shop", needs=("rest-api",), features=("none",), install=False)
    plan = interview(wish)
    assert f"{missing.title} has no template yet" in capsys.readouterr().err
    assert plan.stack.ready
    assert plan.stack.id in missing.nearest


def test_a_bad_name_is_asked_for_again(hands: Hands, here: Path) -> None:
    (here / "taken").mkdir()
    (here / "taken/file").write_text("x")
    hands.script = ["Shop", "taken", "..", "shop", DEFAULT, False, "make"]
    plan = interview(Wish(stack="node-express"))
    assert plan.project.name == "shop"


def test_after_the_review_any_part_can_be_answered_again(hands: Hands) -> None:
    hands.script = [
        *([], "skip", "skip", DEFAULT, "shop", DEFAULT, False),
        *("project", "store", ["realtime"], True),
        *("stack", "python-fastapi", DEFAULT),
        *("requirements", ["automation"], [], [], "skip", "skip", DEFAULT, DEFAULT),
        "make",
    ]
    plan = interview(Wish())
    assert plan.project.name == "store"
    assert plan.project.install is True
    assert plan.project.main.stack == "python-fastapi"
    assert plan.project.told == {"automation": "important"}


@pytest.mark.parametrize("step", range(8))
def test_ctrl_c_at_any_question_writes_nothing(hands: Hands, here: Path, step: int) -> None:
    hands.script = [["saas"], [], [], "skip", "skip", "node-express", "shop", []]
    hands.script[step] = STOP
    with pytest.raises(KeyboardInterrupt):
        interview(Wish())
    assert list(here.iterdir()) == []


def test_stop_at_the_review_writes_nothing(hands: Hands, here: Path) -> None:
    hands.script = ["stop"]
    with pytest.raises(KeyboardInterrupt):
        interview(Wish(directory="s", stack="node-express", features=("none",), install=False))
    assert list(here.iterdir()) == []
