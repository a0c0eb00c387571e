"""A TOML file as a list of statements, without loss: joined again they are the file.

tomlkit keeps comments too, but not beside what they speak of: a key it adds to a table comes below
the comment that stands above the next table, and a requirement it inserts comes below the comment
that begins the user's own. What is written here is read back with `tomllib` by the caller.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from .values import Value, Where

TOKEN = re.compile(
    r'''"""(?:\\.|[^\\])*?"{3,5}'''
    r"""|'''.*?'{3,5}"""
    r'''|"(?:\\.|[^"\\])*"'''
    r"""|'[^']*'"""
    r"|\#[^\n]*"
    r"|\n|[ \t]+|[\[\]{},=]"
    r"|[^\s\[\]{},=\#\"']+",
    re.DOTALL,
)


@dataclass(frozen=True)
class Statement:
    """A table's header, a key with its value, or a line without either."""

    text: str
    path: Where | None = None
    section: Where = ()
    header: bool = False

    def within(self, path: Where) -> bool:
        """Whether this says something of what is at a path or below it."""
        return self.path is not None and self.path[: len(path)] == path

    def belongs(self, path: Where) -> bool:
        """Whether this goes where a path goes: also the lines without a path in its tables."""
        return self.within(path) or (self.path is None and self.section[: len(path)] == path)

    def parts(self) -> tuple[str, str, str]:
        """Cut `key = value # comment` in three."""
        tokens = TOKEN.findall(self.text)
        start = tokens.index("=") + 1
        end = len(tokens)
        start += tokens[start].isspace()
        while tokens[end - 1].isspace() or tokens[end - 1].startswith("#"):
            end -= 1
        return "".join(tokens[:start]), "".join(tokens[start:end]), "".join(tokens[end:])


def statements(text: str) -> Iterator[Statement]:
    """Cut a file, valid TOML whose last line ends like the others, into its statements."""
    section: Where = ()
    for raw in _cut(text):
        if not raw.strip() or raw.lstrip().startswith("#"):
            yield Statement(raw, section=section)
        elif raw.lstrip().startswith("["):
            section = _path(tomllib.loads(raw))
            yield Statement(raw, section, section, header=True)
        else:
            tokens = TOKEN.findall(raw)
            key = "".join(tokens[: tokens.index("=")])
            yield Statement(raw, (*section, *_path(tomllib.loads(f"{key} = 0"))), section)


def comments(text: str) -> Iterator[str]:
    """List all comments of a file."""
    return (token.rstrip() for token in TOKEN.findall(text) if token.startswith("#"))


def _cut(text: str) -> Iterator[str]:
    depth, start = 0, 0
    for token in TOKEN.finditer(text):
        depth += (token[0] in "[{") - (token[0] in "]}")
        if token[0] == "\n" and not depth:
            yield text[start : token.end()]
            start = token.end()


def _path(value: Value) -> Where:
    """Follow the one key of each table down."""
    if isinstance(value, list):
        value = value[0]
    if not isinstance(value, dict) or not value:
        return ()
    ((key, inside),) = value.items()
    return key, *_path(inside)
