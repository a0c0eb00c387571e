from dataclasses import replace
from pathlib import Path

import pytest

from ml.store import Store
from ml.training import BelowThresholdError, load_data, train


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
    monkeypatch.setattr("ml.training.load_data", lambda: (wrong, held_out))

    with pytest.raises(BelowThresholdError, match="is below"):
        train(Store(tmp_path))

    assert list(tmp_path.iterdir()) == []
