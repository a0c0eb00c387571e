"""Models of PyTorch: the network is code, its weights are kept by safetensors.

Not by torch.save, which pickles: what is pickled runs as it is loaded. safetensors holds numbers.
"""

import numpy as np
import torch
from safetensors.torch import load as load_tensors

from .classifier import Rows

HIDDEN = 16


class Network(torch.nn.Module):
    """One hidden layer, on inputs that it brings to a common scale itself."""

    mean: torch.Tensor
    scale: torch.Tensor

    def __init__(self, features: int, classes: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("scale", torch.ones(features))
        self.hidden = torch.nn.Linear(features, HIDDEN)
        self.output = torch.nn.Linear(HIDDEN, classes)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Return the logits."""
        scaled = (rows - self.mean) / self.scale
        logits: torch.Tensor = self.output(torch.relu(self.hidden(scaled)))
        return logits


class TorchClassifier:
    """A network that is not trained any more."""

    def __init__(self, network: Network) -> None:
        self._network = network.eval()

    def probabilities(self, rows: Rows) -> Rows:
        """Return the probability of each class, a row for a row."""
        with torch.inference_mode():
            logits = self._network(torch.from_numpy(rows.astype(np.float32)))
            return np.asarray(torch.softmax(logits, dim=1).numpy(), np.float64)


def load(data: bytes) -> TorchClassifier:
    """Load a model: the weights tell how large the network is."""
    # The pool's threads are all that work.
    torch.set_num_threads(1)
    tensors = load_tensors(data)
    network = Network(tensors["mean"].numel(), tensors["output.bias"].numel())
    network.load_state_dict(tensors)
    return TorchClassifier(network)
