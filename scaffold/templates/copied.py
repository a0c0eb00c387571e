"""What a copy of a template tells of itself."""

from __future__ import annotations

from typing import NamedTuple


class Copied(NamedTuple):
    """What was copied: the version, its changelog, and the files that a project keeps as they are.

    The changelog is the CHANGELOG.md beside the templates' copier.yml, "" where there is none;
    `kept` are the paths that the template never writes over (Copier's `_skip_if_exists`).
    """

    version: str | None
    changelog: str
    kept: tuple[str, ...]
