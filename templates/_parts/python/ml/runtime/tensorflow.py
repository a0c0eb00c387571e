"""Models of Keras on TensorFlow, in the .keras format.

Keras loads it in its safe mode, which refuses code; a file made by pickle would run what it says.
"""

import os
import tempfile
from pathlib import Path

import numpy as np

# Before TensorFlow is imported, which would write about itself to standard error.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import tensorflow as tf  # type: ignore[import-untyped]

from .classifier import Rows


class KerasClassifier:
    """A network that ends in probabilities."""

    def __init__(self, model: tf.keras.Model) -> None:
        # Compiled once, and safe to call from several threads, as Model.predict() is not.
        signature = tf.TensorSpec([None, model.input_shape[1]], tf.float32)
        self._call = tf.function(
            lambda rows: model(rows, training=False), input_signature=[signature]
        ).get_concrete_function()

    def probabilities(self, rows: Rows) -> Rows:
        """Return the probability of each class, a row for a row."""
        found = self._call(tf.constant(rows, tf.float32))
        return np.asarray(found.numpy(), np.float64)


def load(data: bytes) -> KerasClassifier:
    """Load a model. Keras takes a file only, by its name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.keras")
        path.write_bytes(data)
        return KerasClassifier(tf.keras.models.load_model(path, compile=False, safe_mode=True))
