"""One entry of `guide.toml`, read field by field; a mistake is told with the entry's name."""

from typing import Any, TypeVar

from scaffold.errors import ScaffoldError

T = TypeVar("T")

KINDS: dict[type, str] = {
    str: "text",
    int: "whole number",
    bool: "truth value",
    list: "list",
    dict: "table",
}


def malformed(what: str) -> ScaffoldError:
    """The error for a guide that cannot be used."""
    return ScaffoldError(
        f"The guide is malformed: {what}",
        "guide.toml is part of the package: install it again, or undo your change to it.",
    )


class Entry:
    """A table of the guide; every field must be taken, and `done` complains about the others."""

    def __init__(self, kind: str, fields: object) -> None:
        self.name = kind
        if not isinstance(fields, dict):
            raise self.problem("is not a table")
        self._left: dict[str, Any] = dict(fields)
        if "id" in fields:
            self.name = f"{kind} {fields['id']}"

    def problem(self, what: str) -> ScaffoldError:
        """The error to raise, naming this entry."""
        return malformed(f"{self.name} {what}.")

    def take(self, field: str, kind: type[T], default: T | None = None) -> T:
        """The value of a field, of exactly that type; without a default it must be there."""
        value = self._left.pop(field, default)
        if value is None:
            raise self.problem(f"has no {field}")
        if type(value) is not kind:
            raise self.problem(f"needs a {KINDS[kind]} as {field}")
        return value

    def has(self, field: str) -> bool:
        """Whether an optional field is there."""
        return field in self._left

    def text(self, field: str) -> str:
        """A string that must not be empty."""
        value = self.take(field, str)
        if not value.strip():
            raise self.problem(f"has an empty {field}")
        return value

    def names(self, field: str, known: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
        """The ids that a list of known names stands for, each once; it must not be empty."""
        found: dict[str, None] = {}
        for name in self.take(field, list):
            if not isinstance(name, str) or name not in known:
                raise self.problem(f"names {name!r} in {field}, which is unknown")
            found.update(dict.fromkeys(known[name]))
        if not found:
            raise self.problem(f"has no {field}")
        return tuple(found)

    def done(self) -> None:
        """Complain about fields nobody asked for."""
        if self._left:
            raise self.problem(f"has an unknown field {sorted(self._left)[0]!r}")
