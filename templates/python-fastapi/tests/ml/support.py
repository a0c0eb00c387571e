"""What the tests of predictions share."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from httpx2 import AsyncClient

from app.main import AppSettings, create_app
from app.ml.classifier import Classifier, Rows
from app.ml.host import ServedModel
from app.ml.store import FILE, Description, Store
from app.openapi import DescribedAPI
from tests.conftest import caller

WINE = {
    "alcohol": 13.2,
    "malic_acid": 1.78,
    "ash": 2.14,
    "alcalinity_of_ash": 11.2,
    "magnesium": 100,
    "total_phenols": 2.65,
    "flavanoids": 2.76,
    "nonflavanoid_phenols": 0.26,
    "proanthocyanins": 1.28,
    "color_intensity": 4.38,
    "hue": 1.05,
    "od280_od315": 3.4,
    "proline": 1050,
}
ONE = {"inputs": [WINE]}


@asynccontextmanager
async def running(
    settings: AppSettings, **changes: object
) -> AsyncIterator[tuple[DescribedAPI, AsyncClient]]:
    """An application with other settings, and somebody who calls it."""
    app = create_app(settings.model_copy(update=changes))
    async with app.router.lifespan_context(app), caller(app) as client:
        yield app, client


async def until(happened: Callable[[], bool]) -> None:
    """Wait for something that comes soon."""
    async with asyncio.timeout(20):
        while not happened():
            await asyncio.sleep(0.01)


class SlowClassifier:
    """A model that predicts only when it is let."""

    def __init__(self, classifier: Classifier) -> None:
        self.started = 0
        self.let = threading.Event()
        self._classifier = classifier

    def probabilities(self, rows: Rows) -> Rows:
        """Wait, then predict."""
        self.started += 1
        assert self.let.wait(20)
        return self._classifier.probabilities(rows)


def slow(app: DescribedAPI) -> SlowClassifier:
    """Make the served model slow."""
    served = app.state.model_host.served
    classifier = SlowClassifier(served.classifier)
    app.state.model_host.served = ServedModel(served.metadata, classifier)
    return classifier


def publish(store: Store) -> str:
    """Publish the current model once more, as a version of its own."""
    version = store.current()
    assert version
    stored = store.read(version)
    fields = {name: getattr(stored.metadata, name) for name in Description.model_fields}
    return store.publish(stored.data, Description(**fields), {"accuracy": 1.0}).version


def damaged(store: Store) -> str:
    """Add a version whose model is not the one that was published."""
    good = store.current()
    bad = publish(store)
    assert good
    store.point_to(good)
    with (store.directory / bad / FILE).open("ab") as file:
        file.write(b"!")
    return bad
