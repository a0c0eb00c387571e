import pytest
from packaging.version import Version

from scaffold.errors import ScaffoldError, UsageProblem
from scaffold.update.choosing import choose, newest

KNOWN = {Version(tag): tag for tag in ("v1.0.0", "v1.9.0", "v1.10.0", "v2.0.0rc1")}


@pytest.mark.parametrize(
    ("current", "to", "chosen"),
    [
        ("v1.0.0", None, "v1.10.0"),
        ("v1.10.0", None, "v1.10.0"),
        ("v1.0.0", "v1.9.0", "v1.9.0"),
        ("v1.0.0", "1.9.0", "v1.9.0"),
        ("v1.0.0", "v1.9", "v1.9.0"),
        ("v1.0.0", "v2.0.0rc1", "v2.0.0rc1"),
        ("v1.9.0-4-gabc1234", None, "v1.10.0"),
        ("abc1234", None, "v1.10.0"),
    ],
)
def test_the_newest_release_or_the_one_that_is_named(
    current: str, to: str | None, chosen: str
) -> None:
    assert choose(current, KNOWN, "gh:a/b", to) == chosen


@pytest.mark.parametrize("to", ["v3.0.0", "latest", ""])
def test_an_unknown_version_is_usage_and_the_known_ones_are_named(to: str) -> None:
    with pytest.raises(UsageProblem, match=f"There is no version '{to}'") as caught:
        choose("v1.0.0", KNOWN, "gh:a/b", to)
    assert "v1.9.0, v1.10.0" in caught.value.hint


def test_an_older_version_is_refused_and_undo_named() -> None:
    with pytest.raises(ScaffoldError, match=r"v1\.0\.0 is older than v1\.9\.0") as caught:
        choose("v1.9.0", KNOWN, "gh:a/b", "v1.0.0")
    assert "--undo" in caught.value.hint


def test_a_project_newer_than_the_templates_is_told_to_get_newer_ones() -> None:
    with pytest.raises(ScaffoldError, match=r"has v3\.0\.0, but the newest .* is v1\.10\.0") as it:
        choose("v3.0.0", KNOWN, "gh:a/b", None)
    assert "Install a newer scaffold" in it.value.hint


@pytest.mark.parametrize("known", [{}, {Version("1.0rc1"): "v1.0rc1"}])
def test_templates_without_a_release_are_no_aim(known: dict[Version, str]) -> None:
    with pytest.raises(ScaffoldError, match="have no released version"):
        newest(known, "gh:a/b")
