"""The only door to git."""

from scaffold.git.repository import (
    Repository,
    check_out,
    enclosing_repository,
    first_commit,
    repository_of,
    require,
    tags,
)
from scaffold.git.run import FALLBACK_EMAIL, FALLBACK_NAME
from scaffold.git.trees import Entry, Merge, Trees

__all__ = [
    "FALLBACK_EMAIL",
    "FALLBACK_NAME",
    "Entry",
    "Merge",
    "Repository",
    "Trees",
    "check_out",
    "enclosing_repository",
    "first_commit",
    "repository_of",
    "require",
    "tags",
]
