"""The prompts themselves, driven by keys."""

from collections.abc import Callable, Iterator

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from scaffold.terminal import ask
from scaffold.terminal.ask import Option

OPTIONS = [Option("a", "First", "one"), Option("b", "Second"), Option("c", "Third")]
DOWN, ENTER, CTRL_C, SPACE, BACKSPACE = "\x1b[B", "\r", "\x03", " ", "\x7f"


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        yield keys


def test_many_starts_with_what_was_chosen_before(keys: PipeInput) -> None:
    keys.send_text(DOWN + SPACE + ENTER)
    assert ask.many("Which?", OPTIONS, ["a"]) == ["a", "b"]


def test_many_can_be_none(keys: PipeInput) -> None:
    keys.send_text(SPACE + ENTER)
    assert ask.many("Which?", OPTIONS, ["a"]) == []


def test_one_starts_at_the_default(keys: PipeInput) -> None:
    keys.send_text(DOWN + ENTER)
    assert ask.one("Which?", OPTIONS, "b") == "c"


def test_text_is_not_taken_until_it_is_right(keys: PipeInput) -> None:
    keys.send_text(ENTER + BACKSPACE + "good" + ENTER)
    assert ask.text("Name?", "x", lambda typed: "" if typed == "good" else "Not that.") == "good"


def test_yes_has_a_default(keys: PipeInput) -> None:
    keys.send_text(ENTER)
    assert ask.yes("Sure?", default=False) is False


@pytest.mark.parametrize("question", ["many", "one", "text", "yes"])
def test_ctrl_c_is_an_interruption(keys: PipeInput, question: str) -> None:
    keys.send_text(CTRL_C)
    asked: dict[str, Callable[[], object]] = {
        "many": lambda: ask.many("?", OPTIONS),
        "one": lambda: ask.one("?", OPTIONS),
        "text": lambda: ask.text("?", "", lambda _: ""),
        "yes": lambda: ask.yes("?", default=True),
    }
    with pytest.raises(KeyboardInterrupt):
        asked[question]()
