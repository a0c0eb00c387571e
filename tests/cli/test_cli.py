import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from scaffold import __version__
from scaffold import cli as commands
from scaffold.cli import cli
from scaffold.errors import ScaffoldError
from tests.cli.conftest import Invoke
from tests.conftest import ROOT

COMMANDS = sorted(cli.commands)


def test_the_commands_are_those_of_the_design() -> None:
    assert set(COMMANDS) >= {"new", "recommend", "update", "link", "stacks", "needs", "doctor"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_every_option_too(name: str, invoke: Invoke) -> None:
    command = cli.commands[name]
    assert command.help
    assert all(o.help for o in command.params if isinstance(o, click.Option))
    assert invoke(name, "--help").output.startswith(f"Usage: scaffold {name}")


def test_help_documents_the_exit_codes(invoke: Invoke) -> None:
    output = invoke("--help").output
    for code in ("0", "1", "2", "3", "130"):
        assert f"\n    {code} " in output


def test_the_version_is_the_packages(invoke: Invoke) -> None:
    assert invoke("--version").output == f"scaffold, version {__version__}\n"


def test_an_unknown_option_is_usage(invoke: Invoke) -> None:
    assert "No such option" in invoke("new", "--nope", code=2).output


def test_an_interruption_is_130_and_says_that_nothing_was_written(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("scaffold.guide.load_guide", interrupted)
    assert "nothing was written" in invoke("stacks", code=130).stderr


def test_a_fault_of_ours_is_a_sentence_and_asks_for_a_report(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("scaffold.guide.load_guide", broken)
    output = invoke("stacks", code=1).stderr
    assert "ZeroDivisionError: division by zero" in output
    assert "report it" in output


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["recommend", "--need", "saas"]])
def test_what_must_be_fast_loads_neither_copier_nor_questionary(words: list[str]) -> None:
    script = (
        "import sys; from scaffold.cli import cli; cli(sys.argv[1:], standalone_mode=False); "
        "sys.exit(', '.join({'copier', 'questionary', 'jinja2', 'yaml', 'prompt_toolkit'} "
        "& set(sys.modules)) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_python_dash_m_is_the_same_command() -> None:
    words = [sys.executable, "-m", "scaffold", "--version"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout == f"scaffold, version {__version__}\n"


def test_no_traceback_reaches_a_user_whose_standard_input_is_closed(here: Path) -> None:
    words = f"{sys.executable} -m scaffold new <&-"
    done = subprocess.run(
        words,
        shell=True,
        cwd=here,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "scaffold new shop --need realtime --yes" in done.stderr


@pytest.mark.parametrize(
    "failure", [ScaffoldError("git was killed."), RuntimeError("raised within an import")]
)
def test_a_failure_that_a_signal_caused_is_an_interruption(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def killed() -> None:
        raise failure

    monkeypatch.setattr(commands, "_STOPPED", [signal.SIGTERM])
    monkeypatch.setattr("scaffold.guide.load_guide", killed)
    assert "nothing was written" in invoke("stacks", code=143).stderr
    with pytest.raises(KeyboardInterrupt):
        commands.check_stopped()
