"""Trains a small network with PyTorch."""

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save

from .classifier import Rows
from .runtime import Network

LIBRARIES = ("torch", "safetensors", "scikit-learn")
EPOCHS = 200


def train(rows: Rows, labels: NDArray[np.int64], seed: int) -> bytes:
    """Train a model, and return it as the runtime loads it."""
    torch.manual_seed(seed)
    inputs, wanted = torch.from_numpy(rows.astype(np.float32)), torch.from_numpy(labels)
    network = Network(rows.shape[1], int(labels.max()) + 1)
    network.mean.copy_(inputs.mean(dim=0))
    network.scale.copy_(inputs.std(dim=0))
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.01, weight_decay=0.1)
    for _ in range(EPOCHS):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(network(inputs), wanted)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return save(network.state_dict())
