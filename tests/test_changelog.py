from scaffold.changelog import releases, without

TEXT = """# Changelog

The newest first.

## 1.10.0 - 2026-03-01

- Ten.

## [v1.2.0] - 2026-02-01

- Two,
  in two lines.

## 1.1.0

"""


def test_the_sections_of_the_wanted_versions_are_given_in_the_order_of_the_file() -> None:
    found = releases(TEXT, lambda version: version != "1.1.0")
    assert found == (("1.10.0", "- Ten."), ("1.2.0", "- Two,\n  in two lines."))


def test_a_section_may_be_empty_and_is_the_last_to_the_end() -> None:
    assert releases(TEXT, lambda version: version == "1.1.0") == (("1.1.0", ""),)


def test_a_text_without_versions_has_no_releases() -> None:
    assert releases("# Notes\n\n## What is new\n", lambda _version: True) == ()
    assert releases("", lambda _version: True) == ()


def test_items_of_other_stacks_only_are_left_out() -> None:
    one, two, both, rest = (
        "- `one-a`: yes,\n  and.\n",
        "- `two-b`.\n",
        "- `two-b`, `one-a`.\n",
        "- All.",
    )
    text = f"Two things.\n\n{one}{two}{both}{rest}"
    assert without(text, ["two-b", "three-c"], ["one-a"]) == f"Two things.\n\n{one}{both}{rest}"
    assert without(text, [], ["one-a"]) == text
    assert without(two, ["two-b"], ["one-a"]) == ""


def test_a_language_is_named_as_people_write_it() -> None:
    node, python = "- Node.js: a stray file.\n", "- Python: a health check.\n"
    text = f"{node}{python}- All."
    assert without(text, ["python-b", "python"], ["node-a", "node"]) == f"{node}- All."
    assert without(text, [], ["node-a", "node", "python"]) == text
