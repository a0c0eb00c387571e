"""Editing the text of a TOML array: what stays keeps its line, its place and its comments."""

import json
import re
import tomllib
from collections.abc import Set
from dataclasses import dataclass, replace

from .values import Key, Sides, Value, equal, keyed

_STRING = r""""(?:\\.|[^"\\\n])*"(?!")|'[^'\n]*'(?!')"""
_ENTRY = re.compile(
    r"(?P<lead>(?:\s|\#[^\n]*\n)*)"
    rf"(?P<text>{_STRING}|\{{(?:{_STRING}|[^\"'{{}}])*\}}|[^\s,\#\[\]{{}}\"']+)"
    r"[ \t]*(?P<comma>,?)(?P<note>[ \t]*\#[^\n]*)?"
)
_INDENT = re.compile(r"\n[ \t]+")
_COMMENT = re.compile(r"\s*(\#[^\n]*)")


@dataclass(frozen=True)
class Entry:
    """A value in an array, with the lines above it and the comment behind it."""

    value: Value
    lead: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Array:
    """An array's entries, and what stands between the last one and the bracket."""

    entries: dict[str, Entry]
    rest: str
    comma: bool


def edited(yours: str, theirs: str, wanted: list[Value], key: Key, dropped: Set[str]) -> str:
    """Make the text of yours say what is wanted, without the comments that are to go.

    The text of theirs is the source of what is new, and the answer for arrays written in ways
    not known here.
    """
    mine, new, target = _read(yours, key), _read(theirs, key), keyed(wanted, key)
    if mine is None or new is None or target is None or not wanted:
        return theirs
    indent = _INDENT.search(yours)
    mine = _without(mine, target.keys(), dropped)
    entries = [_entry(name, value, mine, new) for name, value in target.items()]
    if indent:
        entries = [replace(entry, lead=entry.lead or indent[0]) for entry in entries]
    else:
        first = next(iter(mine.entries.values()), entries[0]).lead
        entries = [replace(entry, lead=" ", note="") for entry in entries]
        entries[0] = replace(entries[0], lead=first)
    return f"[{_joined(entries, mine.comma)}{mine.rest}]"


def commented(texts: Sides, key: Key, dropped: Set[str]) -> str:
    """Put above the entries of yours what theirs says there, where it says what base says."""
    yours = str(texts.yours)
    old, mine, new = (_read(text, key) for text in texts)
    indent = _INDENT.search(yours)
    if old is None or mine is None or new is None or indent is None:
        return yours
    known, leads = set(_words(yours)), {}
    for name in mine.entries.keys() & old.entries.keys() & new.entries.keys():
        words = Sides(*(_words(side.entries[name].lead) for side in (old, mine, new)))
        if follows(words, known, dropped):
            leads[name] = "".join(f"{indent[0]}{word}" for word in [*words.theirs, ""])
    entries = [
        replace(entry, lead=leads.get(name, entry.lead)) for name, entry in mine.entries.items()
    ]
    return f"[{_joined(entries, mine.comma)}{mine.rest}]" if leads else yours


def follows(comments: Sides, known: Set[str], dropped: Set[str]) -> bool:
    """Whether comments of theirs are to take the place of yours, being those of base.

    Where the template has moved one there, or from there, all stay as they are: `dropped` are those
    that theirs has nowhere, and one of those that yours has, `known`, is not to come twice.
    """
    gone = set(comments.base) - set(comments.theirs)
    fresh = set(comments.theirs) - set(comments.base)
    is_old = comments.base == comments.yours != comments.theirs
    return is_old and gone <= dropped and not fresh & known


def _words(text: str) -> list[str]:
    return [found[1].rstrip() for found in _COMMENT.finditer(text)]


def _read(text: str, key: Key) -> Array | None:
    """Read an array, or None for one written in a way not known here."""
    inside, found, place = text[1:-1], [], 0
    while match := _ENTRY.match(inside, place):
        found.append(match)
        place = match.end()
    values = tomllib.loads(f"array = {text}")["array"]
    rest = inside[place:]
    if len(found) != len(values) or _COMMENT.sub("", rest).strip():
        return None
    entries = {
        key(value): Entry(value, match["lead"], match["text"], match["note"] or "")
        for value, match in zip(values, found, strict=True)
    }
    comma = found[-1]["comma"] == "," if found else "\n" in text
    return Array(entries, rest, comma) if len(entries) == len(values) else None


def _without(array: Array, wanted: Set[str], dropped: Set[str]) -> Array:
    """Take the other entries out; the comments above one that goes stay, save the dropped."""
    entries, above = {}, ""
    for name, entry in array.entries.items():
        if name in wanted:
            entries[name] = replace(entry, lead=above + entry.lead)
            above = ""
        else:
            lines = _COMMENT.finditer(entry.lead)
            above += "".join(line[0] for line in lines if line[1].rstrip() not in dropped)
    return replace(array, entries=entries, rest=above + array.rest)


def _entry(name: str, value: Value, mine: Array, new: Array) -> Entry:
    """Give an entry its text: that of the side which says it, or one of its own."""
    entry, other = mine.entries.get(name), new.entries.get(name)
    if entry is None:
        return replace(new.entries[name], lead="")
    if equal(entry.value, value):
        return entry
    said = other.text if other and equal(other.value, value) else json.dumps(value)
    return replace(entry, value=value, text=said)


def _joined(entries: list[Entry], comma: bool) -> str:
    last = len(entries) - 1
    return "".join(
        f"{entry.lead}{entry.text}{',' if comma or place < last else ''}{entry.note}"
        for place, entry in enumerate(entries)
    )
