import json

import pytest

from app.ml import runtime
from app.ml.classifier import Classifier
from app.ml.host import Host, ModelRefused, warm_up
from app.ml.store import Store


def _edit(store: Store, **changes: object) -> str:
    """Change what is recorded of the current version."""
    version = store.current()
    assert version
    path = store.directory / version / "metadata.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    return version


def test_a_model_for_other_inputs_is_refused(store: Store) -> None:
    version = _edit(store, features=["alcohol"])

    with pytest.raises(ModelRefused, match="other inputs"):
        warm_up(store.read(version), runtime.load)


def test_a_model_that_predicts_otherwise_than_when_it_was_trained_is_refused(store: Store) -> None:
    version = store.current()
    assert version
    sample = store.read(version).metadata.sample.model_dump()
    sample["probabilities"].reverse()
    _edit(store, sample=sample)

    with pytest.raises(ModelRefused, match="does not predict what it did"):
        warm_up(store.read(version), runtime.load)


def test_a_model_that_cannot_be_loaded_is_refused_once_and_tried_again(store: Store) -> None:
    tries = 0

    def load(data: bytes) -> Classifier:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise ValueError("no such thing")
        return runtime.load(data)

    host = Host(store, load)
    for _ in range(2):
        host.refresh()
        assert (host.served, host.reason) == (None, "The published model cannot be served.")
    host.refresh()
    assert host.served
    assert host.served.metadata.version == store.current()
    host.refresh()
    assert tries == 3


def test_a_file_that_is_no_model_is_refused(store: Store) -> None:
    version = store.current()
    assert version
    stored = store.read(version)

    with pytest.raises(ModelRefused, match="does not work"):
        warm_up(type(stored)(stored.metadata, b"no model"), runtime.load)
