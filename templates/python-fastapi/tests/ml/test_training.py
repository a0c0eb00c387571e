import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.ml import evaluate
from app.ml import train as command
from app.ml.store import Store
from app.ml.training import BelowThresholdError, load_data, train
from tests.ml.support import damaged


@pytest.fixture(autouse=True)
def logging(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' logging stays as it is."""
    for module in (command, evaluate):
        monkeypatch.setattr(module, "configure_logging", lambda _level: None)


def test_the_same_seed_gives_the_same_predictions(models: Path, tmp_path: Path) -> None:
    known = Store(models)
    version = known.current()
    assert version
    metadata, metrics = train(Store(tmp_path))

    before = known.read(version).metadata
    assert metadata.sample.rows == before.sample.rows
    for new, old in zip(metadata.sample.probabilities, before.sample.probabilities, strict=True):
        assert new == pytest.approx(old, abs=1e-4)
    assert 0.9 <= metrics["accuracy"] <= 1


def test_what_a_model_is_evaluated_on_it_was_not_trained_on() -> None:
    known, held_out = load_data()

    assert len(known.labels) + len(held_out.labels) == 178
    trained_on = {tuple(row) for row in known.rows.tolist()}
    assert not trained_on & {tuple(row) for row in held_out.rows.tolist()}


def test_below_the_threshold_nothing_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, held_out = load_data()
    wrong = replace(known, labels=known.labels[::-1].copy())
    monkeypatch.setattr("app.ml.training.load_data", lambda: (wrong, held_out))

    with pytest.raises(BelowThresholdError, match="is below"):
        train(Store(tmp_path))

    assert list(tmp_path.iterdir()) == []


def test_the_command_fails_below_the_threshold(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.ml.train", "--min-accuracy", "1.01"],
        env={**os.environ, "ML_MODEL_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert "Nothing is published: accuracy " in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_first_model_is_trained_only_when_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ML_MODEL_DIR", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["train", "--if-none"])

    command.main()
    version = Store(tmp_path).current()
    assert version
    command.main()
    assert Store(tmp_path).current() == version

    monkeypatch.setattr(sys, "argv", ["train", "--seed", "7"])
    command.main()
    new = Store(tmp_path).current()
    assert new
    assert new != version
    assert Store(tmp_path).read(new).metadata.seed == 7


def test_the_served_model_can_be_evaluated(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ML_MODEL_DIR", str(store.directory))
    with capture_logs() as lines:
        evaluate.main()
    (line,) = [line for line in lines if line["event"] == "evaluated"]
    assert (line["version"], line["rows"]) == (store.current(), 72)

    monkeypatch.setattr(evaluate, "MIN_ACCURACY", 1.01)
    with pytest.raises(SystemExit, match="is below"):
        evaluate.main()

    store.point_to(damaged(store))
    with pytest.raises(SystemExit, match="sha256"):
        evaluate.main()


def test_without_a_model_there_is_nothing_to_evaluate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ML_MODEL_DIR", str(tmp_path))

    with pytest.raises(SystemExit, match="No model has been published yet"):
        evaluate.main()
