import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from structlog.testing import capture_logs

from ml.management.commands import evaluate
from ml.store import Store
from tests.ml.support import damaged


@pytest.fixture
def empty(tmp_path: Path, settings: Any) -> Store:
    """A store that is there for commands, with nothing in it."""
    settings.ENV = settings.ENV.model_copy(update={"ml_model_dir": tmp_path / "empty"})
    return Store(tmp_path / "empty")


def test_the_command_fails_below_the_threshold(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "train", "--min-accuracy", "1.01"],
        env={**os.environ, "ML_MODEL_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert "Nothing is published: accuracy " in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_first_model_is_trained_only_when_there_is_none(empty: Store) -> None:
    call_command("train", "--if-none")
    version = empty.current()
    assert version
    call_command("train", "--if-none")
    assert empty.current() == version

    call_command("train", "--seed", "7")
    new = empty.current()
    assert new
    assert new != version
    assert empty.read(new).metadata.seed == 7


def test_the_served_model_can_be_evaluated(
    store: Store, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ENV = settings.ENV.model_copy(update={"ml_model_dir": store.directory})
    with capture_logs() as lines:
        call_command("evaluate")
    (line,) = [line for line in lines if line["event"] == "evaluated"]
    assert (line["version"], line["rows"]) == (store.current(), 72)

    monkeypatch.setattr(evaluate, "MIN_ACCURACY", 1.01)
    with pytest.raises(CommandError, match="is below"):
        call_command("evaluate")

    store.point_to(damaged(store))
    with pytest.raises(CommandError, match="sha256"):
        call_command("evaluate")


@pytest.mark.usefixtures("empty")
def test_without_a_model_there_is_nothing_to_evaluate() -> None:
    with pytest.raises(CommandError, match="No model has been published yet"):
        call_command("evaluate")
