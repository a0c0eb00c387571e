"""The guide: questions, stacks and rules, kept as data in `guide.toml` and read here."""

from scaffold.guide.load import load_guide, parse_guide
from scaffold.guide.model import (
    IMPORTANCES,
    Alternative,
    Caveat,
    Companion,
    Condition,
    Feature,
    Guide,
    Need,
    Option,
    Rule,
    Screen,
    Stack,
    Statement,
)

__all__ = [
    "IMPORTANCES",
    "Alternative",
    "Caveat",
    "Companion",
    "Condition",
    "Feature",
    "Guide",
    "Need",
    "Option",
    "Rule",
    "Screen",
    "Stack",
    "Statement",
    "load_guide",
    "parse_guide",
]
