"""What happens to pyproject.toml in a project that lives."""

import pytest

from scaffold.manifest import Kept, Merged, merge
from tests.manifest.test_package_json import changed

BASE = """\
[project]
name = "demo"
version = "0.1.0"
dependencies = [
    "fastapi==0.165.0",
    "psycopg[binary]==3.3.9",
    "uvloop==0.23.0; sys_platform != 'win32'",
    # Yours: `uv add` appends below.
]

[dependency-groups]
dev = [
    "ruff==0.17.6",
    "pytest==9.2.0",
    # Yours: `uv add --dev` appends below.
]

[tool.uv]
package = false
"""
YOURS = "    # Yours: `uv add` appends below.\n"


def merged(yours: str, theirs: str, base: str = BASE) -> Merged:
    result = merge("pyproject.toml", base, yours, theirs)
    assert result is not None
    return result


def test_what_uv_added_stays_below_the_comment_and_new_ones_come_above() -> None:
    yours = changed(BASE, (YOURS, f'{YOURS}    "httpx>=0.28",  # the bank\n'))
    bump, new = ("uvloop==0.23.0", "uvloop==0.24.0"), '    "websockets==17.4",\n'
    theirs = changed(BASE, bump, (YOURS, new + YOURS))
    assert merged(yours, theirs) == Merged(changed(yours, bump, (YOURS, new + YOURS)), ())


def test_a_new_one_comes_above_the_comment_that_closes_the_list() -> None:
    yours = changed(BASE, ('"demo"', '"shop"'))
    new = (YOURS, f'    "websockets==17.4",\n{YOURS}')
    assert merged(yours, changed(BASE, new)).text == changed(yours, new)


def test_a_newer_version_of_the_users_is_kept_and_told() -> None:
    yours = changed(BASE, ("0.17.6", "0.17.9"), ("3.3.9", "3.3.10"))
    theirs = changed(BASE, ("0.17.6", "0.17.7"), ("3.3.9", "3.3.11"))
    assert merged(yours, theirs) == Merged(
        changed(yours, ("3.3.10", "3.3.11")),
        (),
        (
            Kept("psycopg", "3.3.10", "3.3.11", "3.3.11"),
            Kept("ruff", "0.17.9", "0.17.7", "0.17.9"),
        ),
    )


def test_extras_and_versions_of_one_requirement_merge_apart() -> None:
    yours = changed(BASE, ("psycopg[binary]", "psycopg[binary,pool]"))
    theirs = changed(BASE, ("psycopg[binary]==3.3.9", "psycopg[binary]==3.3.10"))
    assert merged(yours, theirs) == Merged(changed(yours, ("pool]==3.3.9", "pool]==3.3.10")), ())


@pytest.mark.parametrize(
    "requirement", ["fastapi>=0.165", "fastapi==0.165.*", "fastapi @ https://example.org/f.whl"]
)
def test_what_is_no_exact_version_is_a_conflict(requirement: str) -> None:
    yours = changed(BASE, ("fastapi==0.165.0", requirement))
    theirs = changed(BASE, ("fastapi==0.165.0", "fastapi==0.166.0"))
    result = merged(yours, theirs)
    assert result.conflicts == ("project.dependencies.fastapi",)
    yours_line, new = f'    "{requirement}",\n', '    "fastapi==0.166.0",\n'
    conflict = f"<<<<<<< yours\n{yours_line}=======\n{new}>>>>>>> template\n"
    assert result.text == changed(theirs, (new, conflict))


def test_a_requirement_the_user_removed_stays_removed() -> None:
    yours = changed(BASE, ('    "pytest==9.2.0",\n', ""))
    theirs = changed(BASE, ("pytest==9.2.0", "pytest==9.3.0"))
    assert merged(yours, theirs) == Merged(yours, (), (Kept("pytest", "", "9.3.0", ""),))


def test_a_requirement_the_user_moved_stays_when_the_template_drops_it() -> None:
    yours = changed(BASE, ("pytest==9.2.0", "pytest==9.3.0"))
    theirs = changed(BASE, ('    "pytest==9.2.0",\n', ""))
    assert merged(yours, theirs) == Merged(yours, (), (Kept("pytest", "9.3.0", "", "9.3.0"),))


def test_a_requirement_the_template_drops_goes_and_leaves_the_comments() -> None:
    gone = ("    \"uvloop==0.23.0; sys_platform != 'win32'\",\n", "")
    yours = changed(BASE, (YOURS, f'    # Mine\n{YOURS}    "httpx>=0.28",\n'))
    assert merged(yours, changed(BASE, gone)).text == changed(yours, gone)


def test_names_are_compared_as_python_does() -> None:
    base = '[project]\ndependencies = ["Foo_Bar==1.0"]\n'
    yours, theirs = base.replace("Foo_Bar", "foo-bar"), base.replace("1.0", "1.1")
    assert merged(yours, theirs, base).text == '[project]\ndependencies = ["foo-bar==1.1"]\n'


def test_a_name_that_stands_twice_is_told_apart_by_its_marker() -> None:
    base = """\
[project]
dependencies = [
    "numpy==1.0; python_version < '3.12'",
    "numpy==2.0; python_version >= '3.12'",
]
"""
    yours, theirs = changed(base, ("1.0", "1.1")), changed(base, ("2.0", "2.1"))
    assert merged(yours, theirs, base) == Merged(changed(yours, ("2.0", "2.1")), ())


def test_groups_that_include_others_merge_too() -> None:
    base = '[dependency-groups]\ndev = ["a==1", {include-group = "lint"}]\nlint = ["ruff==1"]\n'
    yours = changed(base, ('"lint"}]', '"lint"}, "mine"]'))
    theirs = changed(base, ("a==1", "a==2"))
    assert merged(yours, theirs, base).text == changed(yours, ("a==1", "a==2"))


def test_a_comment_behind_a_changed_requirement_stays() -> None:
    yours = changed(BASE, ('"ruff==0.17.6",', '"ruff==0.17.6",  # as in CI'))
    bump = ("0.17.6", "0.17.7")
    assert merged(yours, changed(BASE, bump)).text == changed(yours, bump)


def test_a_new_table_comes_with_its_comment_and_leaves_the_users_to_theirs() -> None:
    yours = f"{BASE}\n# Mine\n[tool.ruff]\nline-length = 88  # wide\n"
    table = '\n# Tasks\n[tool.poe.tasks]\ntest = "pytest"\n'
    assert merged(yours, BASE + table).text == changed(yours, ("\n# Mine", f"{table}\n# Mine"))


def test_a_new_key_comes_after_the_one_it_follows_in_the_template() -> None:
    yours = f"{BASE}\n# Mine\n[tool.ruff]\nline-length = 88\n"
    key = ("package = false\n", "package = false\nmanaged = true\n")
    assert merged(yours, changed(BASE, key)).text == changed(yours, key)


def test_a_table_the_template_drops_takes_its_comment_along_and_leaves_the_users() -> None:
    base = f"{BASE}\n# Tasks\n[tool.poe.tasks]\ntest = 'pytest'\n\n[tool.mypy]\nstrict = true\n"
    yours = changed(base, ("[tool.mypy]", "# Mine\n[tool.mypy]"))
    dropped = ("# Tasks\n[tool.poe.tasks]\ntest = 'pytest'\n\n", "")
    assert merged(yours, changed(base, dropped), base).text == changed(yours, dropped)


def test_a_comment_of_the_users_in_what_the_template_drops_is_not_lost_silently() -> None:
    yours = changed(BASE, ("package = false", "package = false  # a service"))
    theirs = changed(BASE, ("\n[tool.uv]\npackage = false\n", ""))
    assert merge("pyproject.toml", BASE, yours, theirs) is None


def test_line_ends_of_the_user_are_kept() -> None:
    yours = changed(BASE, ('"demo"', '"shop"')).replace("\n", "\r\n")
    theirs = changed(BASE, ("0.17.6", "0.17.7"))
    assert merged(yours, theirs).text == changed(yours, ("0.17.6", "0.17.7"))


@pytest.mark.parametrize(
    ("base", "yours", "theirs"),
    [
        ("x = {a = 1, b = 1}", "x = {a = 2, b = 1}", "x = {a = 1, b = 2}"),
        ("[x]\na = 1\n", "[x]\na = 2\n", "x = {a = 1, b = 2}\n"),
        ("x.a = 1\n", "x.a = 2\n", "[x]\na = 1\nb = 2\n"),
        ("x = ['a'\n, 'b']", "x = ['a'\n, 'b', 'c']", "x = ['b']"),
    ],
)
def test_what_cannot_be_edited_in_place_is_left_to_a_merge_of_text(
    base: str, yours: str, theirs: str
) -> None:
    assert merge("pyproject.toml", base, yours, theirs) is None


def test_what_is_no_requirement_merges_as_it_is_written() -> None:
    base = '[project]\ndependencies = ["a==1", "${odd}"]\n'
    yours, theirs = changed(base, ("a==1", "a==2")), changed(base, ('"]', '", "b==1"]'))
    assert merged(yours, theirs, base).text == changed(theirs, ("a==1", "a==2"))


def test_tables_that_stand_in_a_row_are_one_whole() -> None:
    base = f"{BASE}\n[[tool.mypy.overrides]]\nmodule = 'a'\n"
    yours = changed(base, ('"demo"', '"shop"'))
    more = "\n[[tool.mypy.overrides]]\nmodule = 'b'\n"
    assert merged(yours, base + more, base).text == yours + more
    clash = changed(base, ("'a'", "'c'"))
    assert merged(clash, base + more, base).conflicts == ("tool.mypy.overrides",)


def test_keys_written_with_dots_are_edited_where_they_stand() -> None:
    base = "[tool.ruff]\nlint.select = ['E']\nline-length = 88\n"
    yours = changed(base, ("88", "99"))
    new = ("['E']\n", "['E', 'F']\nlint.ignore = []\n")
    assert merged(yours, changed(base, new), base).text == changed(yours, new)


def test_a_list_on_one_line_stays_on_one_line() -> None:
    base = "[tool.ruff]\nselect = ['A', 'B', 'C']\n"
    yours, theirs = changed(base, ("'A', ", "")), changed(base, ("'B', ", "'B', 'T', "))
    assert merged(yours, theirs, base).text == changed(yours, ("'B', ", "'B', 'T', "))


def test_a_list_of_lists_is_taken_as_the_template_writes_it() -> None:
    base = "[tool.x]\nname = 'a'\npairs = [[1, 2]]\n"
    yours, theirs = (
        changed(base, ("'a'", "'b'")),
        changed(base, ("[[1, 2]]", "[\n  [1, 2],\n  [3]\n]")),
    )
    assert merged(yours, theirs, base).text == changed(theirs, ("'a'", "'b'"))


def test_a_value_that_became_a_table_is_replaced() -> None:
    base = "[tool.x]\nname = 'a'\nhow = 'b'\n"
    yours, theirs = (
        changed(base, ("'a'", "'c'")),
        changed(base, ("how = 'b'\n", "\n[tool.x.how]\nk = 1\n")),
    )
    assert merged(yours, theirs, base).text == changed(theirs, ("'a'", "'c'"))


def test_comments_of_the_users_above_dropped_requirements_stay() -> None:
    base = '[project]\ndependencies = [\n    "a==1",\n    "b==1",\n    "c==1",\n]\n'
    yours = changed(base, ('    "a', '    # One\n    "a'), ('    "b', '    # Two\n    "b'))
    theirs = changed(base, ('    "a==1",\n    "b==1",\n', ""))
    expected = changed(yours, ('    "a==1",\n', ""), ('    "b==1",\n', ""))
    assert merged(yours, theirs, base).text == expected


def test_a_new_table_does_not_take_over_keys_of_the_users() -> None:
    yours = f"{BASE}mine = 1\n[tool.ruff]\nline-length = 88\n"
    table = "\n[tool.uv.sources]\nx = 1\n"
    expected = changed(yours, ("mine = 1\n", f"mine = 1\n{table}\n"))
    assert merged(yours, BASE + table).text == expected


def test_a_missing_end_of_line_stays_missing() -> None:
    yours = changed(BASE, ('"demo"', '"shop"')).rstrip("\n")
    bump = ("0.17.6", "0.17.7")
    assert merged(yours, changed(BASE, bump)).text == changed(yours, bump)


def test_the_first_requirement_comes_above_the_comment_in_an_empty_list() -> None:
    base = f"[project]\nname = 'a'\ndependencies = [\n{YOURS}]\n"
    yours, new = changed(base, ("'a'", "'b'")), (YOURS, f'    "x==1",\n{YOURS}')
    assert merged(yours, changed(base, new), base).text == changed(yours, new)


COMMENTED = """\
[project]
name = "demo"

# Tasks, with `uv run poe`.
[tool.poe.tasks]
dev = "python -m dev"
# Checks.
check = { sequence = ["lint", "type"] }
"""


def test_comments_that_the_template_adds_or_changes_above_what_stays_come_along() -> None:
    new = (
        ("# Checks.\n", "# Checks it all.\n# As CI does.\n"),
        ("dev =", "# Starts it.\ndev ="),
        ("# Tasks, with `uv run poe`.", "# Tasks: `uv run poe -h`."),
    )
    yours = changed(COMMENTED, ('"demo"', '"shop"'))
    theirs = changed(COMMENTED, *new)
    assert merged(yours, theirs, COMMENTED) == Merged(changed(yours, *new), ())


def test_comments_come_along_although_nothing_else_does() -> None:
    yours = changed(COMMENTED, ('"demo"', '"shop"'), ("# Checks.", "# Mine"))
    theirs = changed(COMMENTED, ("dev =", "# Starts it.\ndev ="), ("# Checks.", "# All."))
    expected = changed(yours, ("dev =", "# Starts it.\ndev ="))
    assert merged(yours, theirs, COMMENTED).text == expected


@pytest.mark.parametrize("mine", ["# Checks.\n# Mine\n", "# Mine\n", ""])
def test_where_the_user_has_said_otherwise_it_stays(mine: str) -> None:
    yours = changed(COMMENTED, ("# Checks.\n", mine))
    theirs = changed(COMMENTED, ("# Checks.", "# Checks it all."))
    assert merged(yours, theirs, COMMENTED).text == yours


def test_a_comment_that_goes_without_its_key_goes() -> None:
    yours, gone = changed(COMMENTED, ('"demo"', '"shop"')), ("# Checks.\n", "")
    expected = changed(yours, gone)
    assert merged(yours, changed(COMMENTED, gone), COMMENTED).text == expected


def test_a_comment_that_the_template_moves_is_neither_lost_nor_there_twice() -> None:
    yours = changed(COMMENTED, ('"demo"', '"shop"'))
    theirs = changed(COMMENTED, ("# Checks.\n", ""), ("dev =", "# Checks.\ndev ="))
    assert merged(yours, theirs, COMMENTED).text == yours


def test_comments_above_the_entries_of_a_list_come_along() -> None:
    why = "    # For the pool.\n"
    base = changed(BASE, ('    "psycopg', why + '    "psycopg'))
    new = (
        (why, "    # For the pool,\n    # and for copies.\n"),
        ('    "uvloop', '    # Faster.\n    "uvloop'),
    )
    yours = changed(base, (YOURS, f'{YOURS}    "httpx>=0.28",\n'), ("0.17.6", "0.17.9"))
    theirs = changed(base, *new)
    assert merged(yours, theirs, base) == Merged(changed(yours, *new), ())
    mine = changed(yours, (why, f"{why}    # Mine\n"))
    assert merged(mine, theirs, base) == Merged(changed(mine, new[1]), ())


def test_a_list_on_one_line_gets_no_comments() -> None:
    base = COMMENTED + 'x = ["a", "b"]\n'
    yours = changed(base, ('"demo"', '"shop"'))
    theirs = changed(base, ('["a", "b"]', '[\n    # One\n    "a",\n    "b",\n]'))
    assert merged(yours, theirs, base).text == yours


def test_tables_in_a_row_are_not_told_apart_by_their_comments() -> None:
    base = COMMENTED + "\n# A\n[[tool.x]]\na = 1\n\n# B\n[[tool.x]]\na = 2\n"
    yours = changed(base, ('"demo"', '"shop"'))
    assert merged(yours, changed(base, ("# A", "# One")), base).text == yours


def test_a_comment_that_is_there_already_does_not_come_twice() -> None:
    base = "[tool.x]\nname = 'a'\n# Both\nb = 1\n"
    yours, new = changed(base, ("'a'", "'b'")), ("# Both\n", "# Both\na = 1\n")
    text = merged(yours, changed(base, new), base).text
    assert text == "[tool.x]\nname = 'b'\na = 1\n# Both\nb = 1\n"
