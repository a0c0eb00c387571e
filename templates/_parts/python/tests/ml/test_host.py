import json
import pickle
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from {{ "" if stack == "python-django" else "app." }}ml import runtime
from {{ "" if stack == "python-django" else "app." }}ml.classifier import Classifier
from {{ "" if stack == "python-django" else "app." }}ml.host import Host, ModelRefused, warm_up
from {{ "" if stack == "python-django" else "app." }}ml.store import Store, StoredModel


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


def test_the_watcher_outlives_whatever_goes_wrong(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(_store: Store, _version: str) -> StoredModel:
        raise MemoryError

    host = Host(store, runtime.load)
    with monkeypatch.context() as patch, capture_logs() as lines:
        patch.setattr(Store, "read", exhausted)
        host.refresh()
        host.refresh()
    [refusal] = lines
    assert refusal["reason"] == "it cannot be read: MemoryError()"
    assert host.served is None

    host.refresh()
    assert host.served


class Harmful:
    """Something that, unpickled, runs what its maker wants."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def test_a_model_that_would_run_code_is_refused_and_does_not(store: Store, tmp_path: Path) -> None:
    version = store.current()
    assert version
    metadata = store.read(version).metadata
    done = tmp_path / "done"

    # By somebody who may write to the store, so that its hash is right.
    data = pickle.dumps(Harmful(done))
    with pytest.raises(ModelRefused, match="does not work"):
        warm_up(StoredModel(metadata, data), runtime.load)

    assert not done.exists()
    pickle.loads(data)
    assert done.exists()


def test_a_file_that_is_no_model_is_refused(store: Store) -> None:
    version = store.current()
    assert version
    metadata = store.read(version).metadata

    with pytest.raises(ModelRefused, match="does not work"):
        warm_up(StoredModel(metadata, b"no model"), runtime.load)
