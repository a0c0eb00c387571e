"""The model that is served: the newest good one, exchanged while requests go on."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import structlog

from .classifier import Classifier
from .inputs import FEATURES
from .store import Metadata, Store, StoredModel, StoreError

# How far a loaded model may be from what it gave when it was trained, on another machine maybe.
TOLERANCE = 1e-3

log = structlog.stdlib.get_logger()


class ModelRefused(Exception):  # noqa: N818
    """A version that must not be served."""


@dataclass(frozen=True)
class ServedModel:
    """A model in memory. Who has taken it keeps it to the end of the request."""

    metadata: Metadata
    classifier: Classifier


def warm_up(stored: StoredModel, load: Callable[[bytes], Classifier]) -> ServedModel:
    """Load a model and have it predict: the first time is slow, and shows whether it works here."""
    metadata = stored.metadata
    if metadata.features != FEATURES:
        raise ModelRefused("it was trained for other inputs than this code has")
    try:
        classifier = load(stored.data)
        found = classifier.probabilities(np.array(metadata.sample.rows))
        expected = np.array(metadata.sample.probabilities)
        same = np.allclose(found, expected, rtol=0, atol=TOLERANCE)
    except Exception as error:
        raise ModelRefused(f"it does not work: {error!r}") from error
    if not same:
        raise ModelRefused("it does not predict what it did when it was trained")
    return ServedModel(metadata, classifier)


class Host:
    """Holds the served model, and follows the store's pointer in a thread of its own."""

    def __init__(self, store: Store, load: Callable[[bytes], Classifier]) -> None:
        self.served: ServedModel | None = None
        self.reason = "The model is not loaded yet."
        self.tried = threading.Event()
        self._store = store
        self._load = load
        self._refused = ""
        self._stopped = threading.Event()
        self._watcher: threading.Thread | None = None

    def refresh(self) -> None:
        """Serve what the store points to. If that is bad, what was served is served on."""
        try:
            version = self._store.current()
            if version is None:
                self.reason = "No model has been published yet."
            elif self.served is None or self.served.metadata.version != version:
                self.served = warm_up(self._store.read(version), self._load)
                self._refused = ""
                log.info("a model is served", model=self.served.metadata.name, version=version)
        except (StoreError, ModelRefused) as error:
            self._refuse(str(error))
        except Exception as error:
            # Whatever it is, such as no memory for a while: the watcher must not end by it.
            self._refuse(f"it cannot be read: {error!r}")
        finally:
            self.tried.set()

    def _refuse(self, reason: str) -> None:
        self.reason = "The published model cannot be served."
        # It is tried again, since files may be repaired, but told once.
        if reason != self._refused:
            self._refused = reason
            serving = self.served.metadata.version if self.served else None
            log.error("a model is refused", reason=reason, serving=serving)

    def start(self, seconds: float) -> None:
        """Load the model, and look for a newer one every so often."""

        def watch() -> None:
            self.refresh()
            while not self._stopped.wait(seconds):
                self.refresh()

        self._watcher = threading.Thread(target=watch, name="model-watcher", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """Look no more. A model that takes long to load does not hold up the end."""
        self._stopped.set()
        if self._watcher:
            self._watcher.join(2)
