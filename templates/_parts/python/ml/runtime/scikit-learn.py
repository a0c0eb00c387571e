"""Models of scikit-learn, kept by skops.

Not by pickle, which runs what the file says as it is loaded: a hash beside the file shows damage,
but not a file that somebody put there with its hash. skops makes only types it knows to be safe.
"""

import skops.io  # type: ignore[import-untyped]
from sklearn.pipeline import Pipeline  # type: ignore[import-untyped]

from .classifier import Rows


class SklearnClassifier:
    """A pipeline that ends in a classifier."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    def probabilities(self, rows: Rows) -> Rows:
        """Return the probability of each class, a row for a row."""
        found: Rows = self._pipeline.predict_proba(rows)
        return found


def load(data: bytes) -> SklearnClassifier:
    """Load a model; one with other types than skops trusts is an error."""
    return SklearnClassifier(skops.io.loads(data))
