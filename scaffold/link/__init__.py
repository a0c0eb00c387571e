"""Let a project made by hand, or by copying, follow the templates it came from."""

from scaffold.link.likeness import File, Likeness
from scaffold.link.steps import Match, Wish, find

__all__ = ["File", "Likeness", "Match", "Wish", "find"]
