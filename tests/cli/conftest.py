"""Run the command line as a user types it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scaffold.cli import cli
from scaffold.terminal import say

Invoke = Callable[..., Result]


@pytest.fixture
def invoke(here: Path) -> Invoke:
    """Run `scaffold` with these words in an empty folder; there is no terminal."""

    def run(*words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(cli, words, prog_name="scaffold")
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    return run


@pytest.fixture
def in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands believe that there is somebody to ask."""
    monkeypatch.setattr(say, "interactive", lambda: True)
