"""What the tests of predictions share."""

import threading
import time
from collections.abc import Callable

from ml.classifier import Classifier, Rows
from ml.host import ServedModel
from ml.serving import Serving
from ml.store import FILE, Description, Store

PATH = "/api/predictions"
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


def until(happened: Callable[[], bool]) -> None:
    """Wait for something that comes soon."""
    limit = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < limit
        time.sleep(0.01)


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


def slow(ours: Serving) -> SlowClassifier:
    """Make the served model slow."""
    served = ours.host.served
    assert served
    classifier = SlowClassifier(served.classifier)
    ours.host.served = ServedModel(served.metadata, classifier)
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
