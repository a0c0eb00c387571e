"""Run the command line as a user types it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scaffold.cli import cli, deciding, interview
from scaffold.guide import Stack, load_guide

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
def missing(monkeypatch: pytest.MonkeyPatch) -> Stack:
    """A stack that the guide knows and that has, as far as the commands see, no template yet."""
    guide = load_guide()
    stack = guide.stacks[1]._replace(ready=False)
    known = guide._replace(stacks=(guide.stacks[0], stack, *guide.stacks[2:]))
    monkeypatch.setattr(deciding, "load_guide", lambda: known)
    monkeypatch.setattr(interview, "load_guide", lambda: known)
    return stack
