"""Models in the ONNX format, run by ONNX Runtime: a format that holds no code of Python."""

import numpy as np
import onnxruntime  # type: ignore[import-untyped]

from .classifier import Rows


class OnnxClassifier:
    """A graph with the inputs as rows, and the probabilities as an output."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def probabilities(self, rows: Rows) -> Rows:
        """Return the probability of each class, a row for a row."""
        (found,) = self._session.run(["probabilities"], {"rows": rows.astype(np.float32)})
        return np.asarray(found, np.float64)


def load(data: bytes) -> OnnxClassifier:
    """Load a model."""
    options = onnxruntime.SessionOptions()
    # The pool's threads are all that work.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return OnnxClassifier(
        onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    )
