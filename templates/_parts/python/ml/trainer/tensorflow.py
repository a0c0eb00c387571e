"""Trains a small network with Keras on TensorFlow."""

import tempfile
import warnings
from importlib.metadata import packages_distributions
from pathlib import Path

import numpy as np
import tensorflow as tf  # type: ignore[import-untyped]
from numpy.typing import NDArray

from .classifier import Rows

# Its name is another one where there is no graphics processor.
LIBRARIES = (*set(packages_distributions()["tensorflow"]), "keras", "scikit-learn")
EPOCHS = 60


def train(rows: Rows, labels: NDArray[np.int64], seed: int) -> bytes:
    """Train a model, and return it as the runtime loads it."""
    tf.keras.utils.set_random_seed(seed)
    scale = tf.keras.layers.Normalization()
    scale.adapt(rows)
    model = tf.keras.Sequential(
        [
            tf.keras.Input((rows.shape[1],)),
            scale,
            tf.keras.layers.Dense(16, activation="relu"),
            tf.keras.layers.Dense(int(labels.max()) + 1, activation="softmax"),
        ]
    )
    model.compile(tf.keras.optimizers.AdamW(0.01), "sparse_categorical_crossentropy")
    model.fit(rows, labels, batch_size=len(labels), epochs=EPOCHS, verbose=0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.keras")
        with warnings.catch_warnings():
            # Of Keras, about how it calls NumPy.
            warnings.simplefilter("ignore", DeprecationWarning)
            model.save(path)
        return path.read_bytes()
