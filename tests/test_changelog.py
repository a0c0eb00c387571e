from scaffold.changelog import releases

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
