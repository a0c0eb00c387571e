import io

import click
import pytest

from scaffold.terminal import layout, say


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")


def test_the_last_column_is_wrapped_under_itself(capsys: pytest.CaptureFixture[str]) -> None:
    layout.columns([("a", "x" * 20 + " " + "y" * 20), ("longer", "z")])
    assert capsys.readouterr().out == (f"  a       {'x' * 20}\n          {'y' * 20}\n  longer  z\n")


def test_colours_do_not_count_as_width(capsys: pytest.CaptureFixture[str]) -> None:
    layout.columns([(click.style("ok", fg="green"), "a"), ("long", "b")])
    assert capsys.readouterr().out == "  ok    a\n  long  b\n"


def test_nothing_to_show_is_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    layout.columns([])
    assert capsys.readouterr().out == ""


def test_results_and_talk_go_to_different_streams(capsys: pytest.CaptureFixture[str]) -> None:
    say.out("result")
    say.note("talk")
    say.warn("beware")
    say.error("failed", "try this")
    captured = capsys.readouterr()
    assert captured.out == "result\n"
    assert captured.err == "talk\n! beware\nError: failed\n  try this\n"


def test_a_terminal_of_hardly_any_columns_is_written_to(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "5")
    layout.columns([("merged with yours", "x " * 20)])
    assert f"  merged with yours  {'x ' * 9}x\n" in capsys.readouterr().out


@pytest.mark.parametrize(("value", "colours"), [("", True), ("1", False)])
def test_who_wants_no_colours_gets_none(
    monkeypatch: pytest.MonkeyPatch, value: str, colours: bool
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setenv("NO_COLOR", value)
    monkeypatch.setattr("sys.stderr", terminal)
    say.error("failed")
    assert ("\x1b[" in terminal.getvalue()) == colours
