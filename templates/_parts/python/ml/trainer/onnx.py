"""Trains a logistic regression with scikit-learn, and exports it to ONNX."""

import numpy as np
from numpy.typing import NDArray
from skl2onnx import to_onnx  # type: ignore[import-untyped]
from skl2onnx.common.data_types import FloatTensorType  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.pipeline import make_pipeline  # type: ignore[import-untyped]
from sklearn.preprocessing import StandardScaler  # type: ignore[import-untyped]

from .classifier import Rows

LIBRARIES = ("scikit-learn", "skl2onnx", "onnx", "onnxruntime")
# What ONNX Runtime is sure to know: it follows the newest with a delay.
OPSET = 21


def train(rows: Rows, labels: NDArray[np.int64], seed: int) -> bytes:
    """Train a model, and return it as the runtime loads it."""
    pipeline = make_pipeline(StandardScaler(), LogisticRegression(random_state=seed))
    model = to_onnx(
        pipeline.fit(rows, labels),
        initial_types=[("rows", FloatTensorType([None, rows.shape[1]]))],
        # A plain array of probabilities, and not a list of dictionaries.
        options={"zipmap": False},
        target_opset=OPSET,
    )
    data: bytes = model.SerializeToString()
    return data
