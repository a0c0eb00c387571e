"""Render what a project may have been made from, and see how much of it is there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from scaffold import templates
from scaffold.errors import ScaffoldError, UsageProblem
from scaffold.link.likeness import Likeness, compare
from scaffold.project import Project
from scaffold.recommend import Service
from scaffold.update.recorded import ANSWERS_FILE


class Origin(NamedTuple):
    """What a project may have been made from."""

    stack: str
    version: str
    features: tuple[str, ...] = ()


class Tried(NamedTuple):
    """An origin, how much of it is in the project, and the answers file it would have written."""

    origin: Origin
    likeness: Likeness
    answers: bytes

    @property
    def share(self) -> float:
        """The part of its lines that is in the project."""
        return self.likeness.share


@dataclass(frozen=True)
class Trial:
    """A project that is compared with what some templates give under its name."""

    project: Path
    source: str
    name: str

    def of(self, origin: Origin) -> Tried:
        """Compare the project with an origin.

        Raises:
            ScaffoldError: the templates have no such origin.
        """
        made = Project(self.name, self.name, Service("", origin.stack, "", origin.features))
        with tempfile.TemporaryDirectory(prefix="scaffold-") as name:
            folder = Path(name)
            templates.render_version(self.source, origin.version, made.parts()[0].answers, folder)
            written = folder / ANSWERS_FILE
            answers = written.read_bytes() if written.is_file() else b""
            return Tried(origin, compare(folder, self.project), answers)

    def first(self, origins: Iterable[Origin]) -> Tried | None:
        """Compare the project with the first of these origins that the templates have."""
        for origin in origins:
            with suppress(ScaffoldError):
                return self.of(origin)
        return None

    def with_features(self, tried: Tried, features: Iterable[str]) -> Tried:
        """Add each feature with which more of the project is explained than without."""
        for feature in features:
            origin = tried.origin._replace(features=(*tried.origin.features, feature))
            more = self.first([origin])
            if more and more.likeness.score > tried.likeness.score:
                tried = more
        return tried

    def why_not(self, origin: Origin, versions: Iterable[str]) -> UsageProblem | None:
        """Say what of an origin its version lacks, if it is that."""
        stack, version, features = origin
        bare = Origin(stack, version)
        if features and self.first([bare]):
            return UsageProblem(
                f"In version {version}, {stack} has no feature {' and '.join(features)}.",
                "Leave --feature out, and the features are found by comparing.",
            )
        having = [name for name in versions if self.first([bare._replace(version=name)])]
        if having:
            return UsageProblem(
                f"Version {version} of the templates has no stack {stack!r}.",
                f"It is in {', '.join(having)}.",
            )
        return None
