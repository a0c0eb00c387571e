"""The model store: each version is a folder, and a pointer says which one is served.

    current                              the name of that version
    20260131T120000.000000Z-0f3c9a51/    when it was published, and how its sha256 begins
        model.bin                        the model, as its runtime keeps it
        metadata.json                    its sha256, and what it was trained from
        metrics.json                     what its evaluation found

A version is written beside its place and renamed into it; the pointer is replaced in one step, too.
So a reader finds all of a version or none of it. A version never changes: to go back to an older
one, put its name into `current`.
"""

import hashlib
import json
import os
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, FiniteFloat, ValidationError

FILE = "model.bin"
VERSION = re.compile(r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{8}", re.ASCII)


class StoreError(Exception):
    """The store has not what was asked for, or it is damaged."""


class Sample(BaseModel):
    """Some inputs, and what the model made of them when it was trained."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: list[list[FiniteFloat]]
    probabilities: list[list[FiniteFloat]]


class Description(BaseModel):
    """What a model is, and what it was trained from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    features: tuple[str, ...]
    classes: tuple[str, ...]
    seed: int
    libraries: dict[str, str]
    sample: Sample


class Metadata(Description):
    """A published model's description, as metadata.json has it."""

    version: str
    sha256: str
    created_at: AwareDatetime


@dataclass(frozen=True)
class StoredModel:
    """A version, its model verified and not loaded yet."""

    metadata: Metadata
    data: bytes


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _json(document: object) -> bytes:
    return (json.dumps(document, indent=2, allow_nan=False) + "\n").encode()


class Store:
    """A folder of versions."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._pointer = directory / "current"

    def current(self) -> str | None:
        """Return the name of the version to serve."""
        try:
            version = self._pointer.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"{self._pointer} cannot be read: {error}") from error
        # Nothing but a version's name becomes a part of a path.
        if not VERSION.fullmatch(version):
            raise StoreError(f"{self._pointer} names no version")
        return version

    def read(self, version: str) -> StoredModel:
        """Read a version. What does not have the recorded hash is not given out."""
        folder = self.directory / version
        try:
            metadata = Metadata.model_validate_json((folder / "metadata.json").read_bytes())
            data = (folder / FILE).read_bytes()
        except (OSError, ValidationError) as error:
            raise StoreError(f"version {version} cannot be read: {error}") from error
        # The bytes that are hashed are the ones that are loaded: the file is not read twice.
        if hashlib.sha256(data).hexdigest() != metadata.sha256 or metadata.version != version:
            raise StoreError(f"version {version} is damaged: its sha256 is not the recorded one")
        return StoredModel(metadata, data)

    def publish(
        self, data: bytes, description: Description, metrics: Mapping[str, float]
    ) -> Metadata:
        """Add a version, and have it served."""
        now = datetime.now(UTC)
        sha256 = hashlib.sha256(data).hexdigest()
        version = f"{now:%Y%m%dT%H%M%S.%fZ}-{sha256[:8]}"
        metadata = Metadata(
            **description.model_dump(), version=version, sha256=sha256, created_at=now
        )
        draft = self.directory / f".{uuid.uuid4().hex}"
        draft.mkdir(parents=True)
        _write(draft / FILE, data)
        _write(draft / "metadata.json", _json(metadata.model_dump(mode="json")))
        _write(draft / "metrics.json", _json(dict(metrics)))
        draft.rename(self.directory / version)
        self.point_to(version)
        return metadata

    def point_to(self, version: str) -> None:
        """Have a version served."""
        draft = self.directory / f".{uuid.uuid4().hex}"
        _write(draft, f"{version}\n".encode())
        draft.replace(self._pointer)
