"""Trains a logistic regression with scikit-learn."""

import numpy as np
import skops.io  # type: ignore[import-untyped]
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.pipeline import make_pipeline  # type: ignore[import-untyped]
from sklearn.preprocessing import StandardScaler  # type: ignore[import-untyped]

from .classifier import Rows

LIBRARIES = ("scikit-learn", "skops")


def train(rows: Rows, labels: NDArray[np.int64], seed: int) -> bytes:
    """Train a model, and return it as the runtime loads it."""
    pipeline = make_pipeline(StandardScaler(), LogisticRegression(random_state=seed))
    data: bytes = skops.io.dumps(pipeline.fit(rows, labels))
    return data
