"""Train, evaluate and, if it is good enough, publish."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_wine  # type: ignore[import-untyped]
from sklearn.metrics import accuracy_score, f1_score, log_loss  # type: ignore[import-untyped]
from sklearn.model_selection import train_test_split  # type: ignore[import-untyped]

from . import runtime, trainer
from .classifier import Classifier, Rows
from .inputs import FEATURES, MODEL
from .store import Description, Metadata, Sample, Store

# A model that is right less often, on wines it was not trained on, is not published.
MIN_ACCURACY = 0.9
HELD_OUT = 0.4
SAMPLE_ROWS = 8


@dataclass(frozen=True)
class Data:
    """Wines whose kind is known, and the names of the kinds."""

    rows: Rows
    labels: NDArray[np.int64]
    classes: tuple[str, ...]


class BelowThresholdError(Exception):
    """The model is not good enough."""


def load_data() -> tuple[Data, Data]:
    """Return what to train on, and what to evaluate on: the same parts each time.

    The data set comes with scikit-learn; its columns are in the order of the features.
    """
    wines = load_wine()
    classes = tuple(str(name) for name in wines.target_names)
    parts = train_test_split(
        wines.data, wines.target, test_size=HELD_OUT, stratify=wines.target, random_state=0
    )
    train_rows, test_rows, train_labels, test_labels = parts
    return Data(train_rows, train_labels, classes), Data(test_rows, test_labels, classes)


def evaluate(classifier: Classifier, data: Data) -> dict[str, float]:
    """Measure a model on what it was not trained on."""
    found = classifier.probabilities(data.rows)
    # In 32 bits, as most runtimes compute, they do not quite sum to one.
    probabilities = found / found.sum(axis=1, keepdims=True)
    guesses = probabilities.argmax(axis=1)
    return {
        "accuracy": float(accuracy_score(data.labels, guesses)),
        "f1_macro": float(f1_score(data.labels, guesses, average="macro")),
        "log_loss": float(log_loss(data.labels, probabilities)),
        "rows": len(data.labels),
    }


def require(metrics: Mapping[str, float], min_accuracy: float) -> None:
    """Refuse a model that is not good enough."""
    if metrics["accuracy"] < min_accuracy:
        raise BelowThresholdError(f"accuracy {metrics['accuracy']:.3f} is below {min_accuracy:.3f}")


def train(
    store: Store, *, seed: int = 0, min_accuracy: float | None = None
) -> tuple[Metadata, dict[str, float]]:
    """Train a model and publish it; the same seed gives the same predictions."""
    known, held_out = load_data()
    data = trainer.train(known.rows, known.labels, seed)
    # What is evaluated is what will be served: the written model, loaded anew.
    classifier = runtime.load(data)
    metrics = evaluate(classifier, held_out)
    require(metrics, MIN_ACCURACY if min_accuracy is None else min_accuracy)
    sample = held_out.rows[:SAMPLE_ROWS]
    description = Description(
        name=MODEL,
        features=FEATURES,
        classes=known.classes,
        seed=seed,
        libraries={name: version(name) for name in trainer.LIBRARIES},
        sample=Sample(
            rows=sample.tolist(), probabilities=classifier.probabilities(sample).tolist()
        ),
    )
    return store.publish(data, description, metrics), metrics
