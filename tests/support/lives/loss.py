"""Whether a merge lost anything of the user's, told by comparing files line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

Files = Mapping[str, bytes]
BEGINS, ENDS = b"<<<<<<<", b">>>>>>>"


def losses(base: Files, yours: Files, result: Files, renamed: Mapping[str, str]) -> Iterator[str]:
    """Name what of the user's work a result lacks, or has again.

    `renamed` says where the user's files came from, old path by new.
    """
    for path, content in yours.items():
        before = base.get(renamed.get(path, path))
        if before is None and result.get(path) != content:
            yield f"{path}, which the user wrote, is another"
        elif before is not None:
            yield from _lines_lost(path, before, content, yours, result)
    for path in base.keys() - yours.keys():
        if path in result:
            yield f"{path}, which the user took away, is back"


def _lines_lost(
    path: str, before: bytes, content: bytes, yours: Files, result: Files
) -> Iterator[str]:
    added = _lines(content) - _lines(before)
    removed = _lines(before) - _lines(content)
    # Where the template moved the file, it is under a name that the user did not have.
    places = [path] if path in result else [new for new in result if new not in yours]
    kept = [place for place in places if not added - _lines(result[place])]
    if added and not kept:
        yield f"{path} lost lines: {sorted(added)}"
    for place in kept[:1]:
        back = removed & (_lines(result[place]) - _lines(content))
        # Within markers the template's lines stand beside the user's.
        if back and not _has_markers(result[place]):
            yield f"{place} has again what the user took out: {sorted(back)}"


def _lines(content: bytes) -> Counter[bytes]:
    return Counter(content.splitlines())


def with_markers(result: Files) -> set[str]:
    """Return the files with conflict markers."""
    return {path for path, content in result.items() if _has_markers(content)}


def _has_markers(content: bytes) -> bool:
    return any(line.startswith((BEGINS, ENDS)) for line in content.splitlines())


def both_changed(
    base: Files, yours: Files, theirs: Files, renamed: Mapping[str, str], apart: int = 1
) -> set[str]:
    """Return the user's files in which both sides changed the same lines, or neighbouring ones.

    `apart` is how many unchanged lines between two changes make them no neighbours.
    """
    found = set()
    for path, content in yours.items():
        old = renamed.get(path, path)
        if old in base and old in theirs:
            mine, other = _changes(base[old], content), _changes(base[old], theirs[old])
            if any(a[0] < b[1] + apart and b[0] < a[1] + apart for a in mine for b in other):
                found.add(path)
    return found


def _changes(before: bytes, after: bytes) -> list[tuple[int, int]]:
    """Return which lines of `before` are others in `after`: from, and up to before."""
    matcher = SequenceMatcher(None, before.splitlines(True), after.splitlines(True), autojunk=False)
    return [(a, b) for tag, a, b, _, _ in matcher.get_opcodes() if tag != "equal"]
