"""A model store for every test of the service, since without a model it is not ready."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from ml.serving import Serving, serving
from ml.store import Store
from ml.training import train


@pytest.fixture(scope="session", autouse=True)
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store with one trained model, good enough to be published. It is to be read only."""
    directory = tmp_path_factory.mktemp("models")
    train(Store(directory))
    with pytest.MonkeyPatch.context() as patch:
        # For processes that tests start, and for this one.
        patch.setenv("ML_MODEL_DIR", str(directory))
        env = settings.ENV.model_copy(update={"ml_model_dir": directory, "ml_poll_seconds": 0.02})
        patch.setattr(settings, "ENV", env)
        yield directory
        serving().close()


@pytest.fixture
def store(models: Path, tmp_path: Path) -> Store:
    """A copy of that store, to be written to."""
    return Store(shutil.copytree(models, tmp_path / "models"))


class Serve:
    """Has a service of other settings be the one of this process."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.started: list[Serving] = []
        self._patch = patch

    def __call__(self, **changes: Any) -> Serving:
        """Give it, its model loaded."""
        ours = Serving(settings.ENV.model_copy(update=changes))
        self.started.append(ours)
        # In this order: who is imported by it takes the real one.
        for module in ("views", "admin", "serving"):
            self._patch.setattr(f"ml.{module}.serving", lambda: ours)
        return ours


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """What changes the service's settings for a test."""
    serve = Serve(monkeypatch)
    yield serve
    for ours in serve.started:
        ours.close()
