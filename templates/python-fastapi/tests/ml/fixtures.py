"""A model store for every test of the service, since without a model it is not ready."""

import shutil
from pathlib import Path

import pytest

from app.ml.store import Store
from app.ml.training import train


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one trained model, good enough to be published. It is to be read only."""
    directory = tmp_path_factory.mktemp("models")
    train(Store(directory))
    return directory


@pytest.fixture
def store(models: Path, tmp_path: Path) -> Store:
    """A copy of that store, to be written to."""
    return Store(shutil.copytree(models, tmp_path / "models"))
