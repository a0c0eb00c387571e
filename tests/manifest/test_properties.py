"""What holds of every merge, whatever the three manifests say."""

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scaffold.manifest import MANIFESTS, Merged, merge, same
from tests.manifest.written import (
    PACKAGE_JSON,
    PYPROJECT,
    Data,
    TomlWriter,
    histories,
    write_json,
)

_CONFLICT = re.compile(r"<<<<<<< yours\r?\n(.*?)=======\r?\n(.*?)>>>>>>> template\r?\n", re.DOTALL)

Spread = dict[tuple[str, ...], str]

_ENDS = re.compile(r"\r?\n")


@dataclass(frozen=True)
class Case:
    """Three texts of one manifest."""

    name: str
    base: str
    yours: str
    theirs: str

    def merged(self) -> Merged | None:
        return merge(self.name, self.base, self.yours, self.theirs)

    def load(self, text: str) -> Data:
        loaded: Data = json.loads(text) if self.name == "package.json" else tomllib.loads(text)
        return loaded


@st.composite
def cases(draw: st.DrawFn, *, comments: bool = True) -> Case:
    if draw(st.booleans()):
        texts = [write_json(data, draw) for data in draw(histories(PACKAGE_JSON))]
        return Case("package.json", *texts)
    old, mine, new = draw(histories(PYPROJECT))
    template = TomlWriter(draw, "")
    yours = TomlWriter(draw, "yours" if comments else "")
    return Case("pyproject.toml", template.write(old), yours.write(mine), template.write(new))


def leaves(value: Any, path: tuple[str, ...] = ()) -> Spread:
    """Spread a manifest out, requirements by their names."""
    if isinstance(value, dict):
        spread = [leaves(inside, (*path, name)) for name, inside in value.items()]
        return {name: said for table in spread for name, said in table.items()}
    if isinstance(value, list) and ("dependencies" in path[-1:] or "dependency-groups" in path[:1]):
        return {(*path, entry[:4]): entry for entry in value}
    return {path: json.dumps(value, sort_keys=True)}


def moved(base: Spread, yours: Spread) -> set[str]:
    """Return the packages that the user put into another table of package.json."""
    tables = {"dependencies", "devDependencies"}
    was, has = (
        {path[1]: path[0] for path in side if path[0] in tables and path[1:]}
        for side in (base, yours)
    )
    return {name for name in was.keys() & has.keys() if was[name] != has[name]}


def half(text: str, side: int) -> str:
    return _CONFLICT.sub(lambda found: found[side], text)


@given(cases())
def test_a_project_without_edits_gets_the_files_of_the_template(case: Case) -> None:
    merged = merge(case.name, case.base, case.base, case.theirs)
    assert merged == Merged(case.theirs, ())


@given(cases())
def test_a_template_that_did_not_change_changes_nothing(case: Case) -> None:
    assert merge(case.name, case.base, case.yours, case.base) == Merged(case.yours, ())


@given(cases())
def test_what_both_did_alike_is_left_alone(case: Case) -> None:
    merged = merge(case.name, case.base, case.yours, case.yours)
    assert merged == Merged(case.yours, ())


@given(cases())
def test_what_only_one_side_touched_comes_out_as_that_side_has_it(case: Case) -> None:
    merged = case.merged()
    if merged is None or merged.conflicts:
        return
    texts = (case.base, case.yours, case.theirs, merged.text)
    base, yours, theirs, result = (leaves(case.load(text)) for text in texts)
    for path in base.keys() | yours.keys() | theirs.keys():
        if path[-1] in moved(base, yours):
            continue  # bumped where the user has it now
        if yours.get(path) == base.get(path):
            assert result.get(path) == theirs.get(path), path
        elif theirs.get(path) == base.get(path):
            assert result.get(path) == yours.get(path), path


@given(cases())
def test_a_merge_without_conflicts_is_stable(case: Case) -> None:
    merged = case.merged()
    if merged and not merged.conflicts:
        again = merge(case.name, case.theirs, merged.text, case.theirs)
        assert again == Merged(merged.text, ())


@given(cases())
def test_markers_stand_round_conflicts_and_either_half_can_be_read(case: Case) -> None:
    merged = case.merged()
    if merged is None:
        return
    assert bool(merged.conflicts) == bool(_CONFLICT.search(merged.text))
    for side in (1, 2):
        case.load(half(merged.text, side))


@given(cases())
def test_every_comment_of_the_user_is_in_the_result(case: Case) -> None:
    merged = case.merged()
    if merged:
        assert set(re.findall(r"# yours \d+", case.yours)) <= set(
            re.findall(r"# yours \d+", merged.text)
        )


_KEYS = ("[tool.a]", "b = 1", "c = [2]", "[tool.d]", "e = 3")
_COMMENTS = st.tuples(*[st.lists(st.sampled_from(["one", "two"]), max_size=2) for _ in _KEYS])


def keyed(name: str, comments: tuple[list[str], ...]) -> str:
    """Write the keys, with comments above each that no other key has."""
    lines = [f'project.name = "{name}"']
    for key, above in zip(_KEYS, comments, strict=True):
        lines += [*([""] if key[0] == "[" else []), *(f"# {key}: {it}" for it in above), key]
    return "".join(f"{line}\n" for line in lines)


def listed(name: str, comments: tuple[list[str], ...]) -> str:
    """Write a list of the keys, with comments of its own above each."""
    lines = [f'project.name = "{name}"', "keys = ["]
    for key, above in zip(_KEYS, comments, strict=True):
        lines += [*(f"    # {key}: {it}" for it in above), f'    "{key}",']
    return "".join(f"{line}\n" for line in [*lines, "    # The end.", "]"])


@pytest.mark.parametrize("commented", [keyed, listed])
@given(base=_COMMENTS, yours=_COMMENTS, theirs=_COMMENTS)
def test_comments_above_a_key_are_the_templates_unless_the_user_has_said_otherwise(
    commented: Callable[[str, tuple[list[str], ...]], str],
    base: tuple[list[str], ...],
    yours: tuple[list[str], ...],
    theirs: tuple[list[str], ...],
) -> None:
    texts = [commented("a", base), commented("b", yours), commented("a", theirs)]
    merged = merge("pyproject.toml", *texts)
    expected = [
        new if old == mine else mine for old, mine, new in zip(base, yours, theirs, strict=True)
    ]
    assert merged == Merged(commented("b", tuple(expected)), ())


@given(cases(comments=False))
def test_a_file_without_comments_always_merges_by_structure(case: Case) -> None:
    assert case.merged() is not None


@given(cases())
@example(Case("pyproject.toml", "[tool]\na = 1\n[build]\n", "\r\n[build]", "[tool]\n"))
def test_line_ends_are_those_of_the_user(case: Case) -> None:
    merged = case.merged()
    if merged and case.base != case.yours and "\n" in case.yours:
        assert set(_ENDS.findall(merged.text)) <= set(_ENDS.findall(case.yours))


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_file_that_cannot_be_read_is_left_to_a_merge_of_text(name: str) -> None:
    assert merge(name, "{", "{", "{") is None


def test_a_file_of_another_kind_is_left_to_a_merge_of_text() -> None:
    assert merge("tsconfig.json", "{}", "{}", "{}") is None


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ('{"a": [1, 2], "b": {"c": 1}}', '{"b": {"c": 1}, "a": [2, 1]}', True),
        ('{"a": [[1], [2]]}', '{"a": [[2], [1]]}', True),
        ('{"a": 1}', '{"a": true}', False),
        ('{"a": [1]}', '{"a": [1, 1]}', False),
        ('{"a": 1}', '{"a": 1, "a": 1}', False),
        ("{", "{", False),
    ],
)
def test_the_order_of_what_is_said_does_not_matter(one: str, other: str, alike: bool) -> None:
    assert same("package.json", one, other) == alike


def test_files_of_another_kind_are_never_the_same() -> None:
    assert not same("tsconfig.json", "{}", "{}")
