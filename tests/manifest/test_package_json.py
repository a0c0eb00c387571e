"""What happens to package.json in a project that lives."""

import json
import subprocess
from pathlib import Path

import pytest

from scaffold.manifest import Kept, Merged, merge

BASE = """\
{
  "name": "demo",
  "private": true,
  "engines": {
    "node": ">=24.12.0"
  },
  "scripts": {
    "test": "vitest run",
    "start": "node dist/server.js"
  },
  "dependencies": {
    "fastify": "5.12.8",
    "pg": "8.23.1",
    "zod": "4.6.7"
  },
  "devDependencies": {
    "@types/pg": "8.23.1",
    "typescript": "7.0.2"
  }
}
"""


def changed(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def merged(yours: str, theirs: str, base: str = BASE) -> Merged:
    result = merge("package.json", base, yours, theirs)
    assert result is not None
    return result


def with_dependencies(**versions: str) -> str:
    return json.dumps({"dependencies": versions}, indent=2) + "\n"


def taken(base: str | None, yours: str | None, theirs: str | None) -> tuple[str | None, Merged]:
    texts = [with_dependencies(**({"x": it} if it else {})) for it in (base, yours, theirs)]
    result = merged(texts[1], texts[2], texts[0])
    if result.conflicts:
        return None, result
    return json.loads(result.text).get("dependencies", {}).get("x"), result


def test_a_dependency_that_npm_sorted_beside_a_bumped_one_is_no_conflict(tmp_path: Path) -> None:
    yours = changed(BASE, ('    "zod"', '    "pino-http": "11.1.0",\n    "zod"'))
    theirs = changed(BASE, ('"zod": "4.6.7"', '"zod": "4.6.8"'))
    for name, text in {"yours": yours, "base": BASE, "theirs": theirs}.items():
        (tmp_path / name).write_text(text)
    as_text = subprocess.run(
        ["git", "merge-file", "-p", "yours", "base", "theirs"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert as_text.returncode == 1
    assert "<<<<<<<" in as_text.stdout
    assert merged(yours, theirs) == Merged(changed(yours, ("4.6.7", "4.6.8")), ())


def test_a_new_dependency_of_the_template_goes_where_npm_sorts_it() -> None:
    yours = changed(BASE, ('    "zod"', '    "undici": "7.0.0",\n    "zod"'))
    theirs = changed(
        BASE,
        ('    "fastify"', '    "@fastify/helmet": "13.0.2",\n    "fastify"'),
        ('    "zod"', '    "ws": "8.23.0",\n    "zod"'),
    )
    names = list(json.loads(merged(yours, theirs).text)["dependencies"])
    assert names == ["@fastify/helmet", "fastify", "pg", "undici", "ws", "zod"]


def test_names_are_sorted_as_npm_compares_them() -> None:
    theirs = dict.fromkeys(["@a-b/c", "@a/b", "1x", "a", "a_b", "a-b", "a.b", "ab", "aB"], "1.0.0")
    result = merged(with_dependencies(zod="1.0.0"), with_dependencies(**theirs), "{}")
    assert list(json.loads(result.text)["dependencies"]) == [*theirs, "zod"]


def test_an_order_of_the_users_own_is_left_to_them() -> None:
    yours, theirs = with_dependencies(z="1.0.0", a="1.0.0"), with_dependencies(a="1.0.0", b="1.0.0")
    result = merged(yours, theirs, with_dependencies(a="1.0.0"))
    assert list(json.loads(result.text)["dependencies"]) == ["z", "a", "b"]


@pytest.mark.parametrize(
    ("yours", "theirs", "newer"),
    [
        ("4.6.9", "4.6.8", "4.6.9"),
        ("4.6.8", "4.6.10", "4.6.10"),
        ("5.0.0-beta.2", "5.0.0-beta.10", "5.0.0-beta.10"),
        ("5.0.0", "5.0.0-rc.1", "5.0.0"),
        ("5.0.0-alpha.beta", "5.0.0-alpha.1", "5.0.0-alpha.beta"),
    ],
)
def test_of_two_exact_versions_the_newer_one_is_taken_and_told(
    yours: str, theirs: str, newer: str
) -> None:
    version, result = taken("4.6.7", yours, theirs)
    assert version == newer
    assert result.kept == (Kept("x", yours, theirs, newer),)


def test_a_dependency_that_both_sides_added_is_taken_once() -> None:
    assert taken(None, "1.0.0", "1.2.0")[0] == "1.2.0"


@pytest.mark.parametrize("yours", ["^4.6.9", "4.6.8+build", "latest", "npm:other@4.6.9"])
def test_what_is_no_exact_version_is_a_conflict(yours: str) -> None:
    assert taken("4.6.7", yours, "4.6.8")[1].conflicts == ("dependencies.x",)


def test_a_dependency_the_user_removed_stays_removed() -> None:
    version, result = taken("4.6.7", None, "4.6.8")
    assert version is None
    assert result == Merged(with_dependencies(), (), (Kept("x", "", "4.6.8", ""),))


def test_a_dependency_the_user_moved_stays_when_the_template_drops_it() -> None:
    version, result = taken("4.6.7", "4.6.9", None)
    assert version == "4.6.9"
    assert result.kept == (Kept("x", "4.6.9", "", "4.6.9"),)


TYPES = '    "@types/pg": "8.23.1",\n'
MOVED = ((TYPES, ""), ('    "fastify"', TYPES + '    "fastify"'))


def test_a_dependency_the_user_moved_to_another_table_is_bumped_there() -> None:
    yours, bump = changed(BASE, *MOVED), ('types/pg": "8.23.1"', 'types/pg": "8.24.0"')
    assert merged(yours, changed(BASE, bump)) == Merged(changed(yours, bump), ())
    mine = changed(yours, ('types/pg": "8.23.1"', 'types/pg": "8.25.0"'))
    kept = Kept("@types/pg", "8.25.0", "8.24.0", "8.25.0")
    assert merged(mine, changed(BASE, bump)) == Merged(mine, (), (kept,))


def test_a_dependency_the_user_moved_to_another_table_stays_when_the_template_drops_it() -> None:
    yours = changed(BASE, *MOVED)
    assert merged(yours, changed(BASE, (TYPES, ""))).text == yours


def test_a_table_that_npm_dropped_with_its_last_entry_is_no_conflict() -> None:
    base, theirs = with_dependencies(a="1.0.0"), with_dependencies(a="1.0.1", b="1.0.0")
    result = merged("{}\n", theirs, base)
    assert json.loads(result.text) == {"dependencies": {"b": "1.0.0"}}
    assert not result.conflicts


def test_a_nested_override_follows_the_same_rules() -> None:
    versions = ("1.0.0", "1.2.0", "1.1.0")
    base, yours, theirs = (json.dumps({"overrides": {"a": {"b": it}}}) for it in versions)
    assert merged(yours, theirs, base).kept == (Kept("b", "1.2.0", "1.1.0", "1.2.0"),)


def test_markers_stand_only_round_the_script_that_both_changed() -> None:
    yours = changed(BASE, ("vitest run", "vitest run --coverage"), ("4.6.7", "4.6.9"))
    theirs = changed(BASE, ("vitest run", "vitest --run"), ("5.12.8", "5.12.9"))
    result = merged(yours, theirs)
    assert result.conflicts == ("scripts.test",)
    assert (
        """\
  "scripts": {
<<<<<<< yours
    "test": "vitest run --coverage",
=======
    "test": "vitest --run",
>>>>>>> template
    "start": "node dist/server.js"
  },
  "dependencies": {
    "fastify": "5.12.9",
    "pg": "8.23.1",
    "zod": "4.6.9"
  },
"""
        in result.text
    )


def test_engines_are_no_dependencies() -> None:
    yours = changed(BASE, (">=24.12.0", "24.13.0"))
    theirs = changed(BASE, (">=24.12.0", "24.14.0"))
    assert merged(yours, theirs).conflicts == ("engines.node",)


def test_a_script_that_one_side_removed_and_the_other_changed_is_a_conflict() -> None:
    yours = changed(BASE, ('    "test": "vitest run",\n', ""))
    theirs = changed(BASE, ("vitest run", "vitest --run"))
    result = merged(yours, theirs)
    assert result.conflicts == ("scripts.test",)
    assert '<<<<<<< yours\n=======\n    "test": "vitest --run",\n>>>>>>> template' in result.text


def test_a_new_script_goes_after_the_one_it_follows_in_the_template() -> None:
    yours = changed(BASE, ('"start": "node dist/server.js"', '"start": "node .",\n    "mine": "x"'))
    theirs = changed(BASE, ('    "start"', '    "check": "tsc",\n    "start"'))
    assert list(json.loads(merged(yours, theirs).text)["scripts"]) == [
        "test",
        "check",
        "start",
        "mine",
    ]


def test_lists_get_the_additions_of_both() -> None:
    texts = [
        json.dumps({"files": files}) for files in (["a", "b"], ["b", "a", "u"], ["a", "t", "b"])
    ]
    assert json.loads(merged(texts[1], texts[2], texts[0]).text) == {"files": ["b", "a", "t", "u"]}


@pytest.mark.parametrize("indent", ["    ", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_the_layout_of_the_user_is_kept(indent: str, newline: str, end: str) -> None:
    def laid_out(text: str) -> str:
        text = json.dumps(json.loads(text), indent=indent, ensure_ascii=False) + end
        return text.replace("\n", newline)

    yours = changed(BASE, ("demo", "Größe"))
    theirs = changed(BASE, ("4.6.7", "4.6.8"))
    result = merged(laid_out(yours), theirs)
    assert result.text == laid_out(changed(yours, ("4.6.7", "4.6.8")))


def test_a_table_that_is_none_is_a_conflict() -> None:
    texts = ('{"dependencies": "a"}', '{"dependencies": "b"}', with_dependencies(x="1.0.0"))
    assert merged(texts[1], texts[2], texts[0]).conflicts == ("dependencies",)


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '{"a": NaN}', "[]", '{"a": 1,}'])
def test_what_npm_would_not_write_is_left_to_a_merge_of_text(text: str) -> None:
    assert merge("package.json", "{}", text, '{"b": 1}') is None
