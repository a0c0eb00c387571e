"""The versions in the model store, to look at."""

import json
from dataclasses import dataclass

from ml.store import VERSION, Metadata, Store


@dataclass(frozen=True)
class Version:
    """A version: what it is, what its evaluation found, and whether it is the one to serve."""

    metadata: Metadata
    metrics: dict[str, float]
    current: bool


def versions(store: Store) -> list[Version]:
    """List them, the newest first; one that cannot be read is left out."""
    if not store.directory.is_dir():
        return []
    current = store.current()
    found = []
    for folder in sorted(store.directory.iterdir(), reverse=True):
        if not VERSION.fullmatch(folder.name):
            continue
        try:
            metadata = Metadata.model_validate_json((folder / "metadata.json").read_bytes())
            metrics = json.loads((folder / "metrics.json").read_bytes())
        except (OSError, ValueError):
            continue
        found.append(Version(metadata, metrics, folder.name == current))
    return found
