"""What serving asks of a model, whatever it was made with."""

from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Rows: TypeAlias = NDArray[np.float64]


class Classifier(Protocol):
    """A trained model. It is called from several threads at once."""

    def probabilities(self, rows: Rows) -> Rows:
        """Return the probability of each class, a row for a row."""
        ...
