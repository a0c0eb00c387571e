"""The helpers that could let a fault through without a word."""

from __future__ import annotations

import json

import pytest

from tests.support.lockfiles import missing_platforms
from tests.support.readme import commands, first_block
from tests.support.stacks import STACKS
from tests.support.summary import lines, tabulate

UV_PACKAGE = '[[package]]\nname = "fast"\nwheels = [{wheels}]\n'


def _npm_lock(*places: str) -> str:
    packages: dict[str, object] = {place: {} for place in places}
    packages["node_modules/a"] = {"optionalDependencies": {"@a/linux": "1.0.0"}}
    return json.dumps({"packages": packages})


@pytest.mark.parametrize("place", ["node_modules/@a/linux", "node_modules/a/node_modules/@a/linux"])
def test_an_npm_lock_with_the_optional_package_is_complete(place: str) -> None:
    assert missing_platforms("package-lock.json", _npm_lock(place)) == []


def test_an_npm_lock_without_the_optional_package_is_not() -> None:
    lock = _npm_lock("node_modules/b/node_modules/@a/linux")
    assert missing_platforms("package-lock.json", lock) == ["node_modules/a: @a/linux"]


def _uv_lock(*tags: str) -> str:
    wheels = ", ".join(
        f'{{ url = "https://example.org/fast-1-cp311-cp311-{tag}.whl" }}' for tag in tags
    )
    return UV_PACKAGE.format(wheels=wheels)


@pytest.mark.parametrize(
    "tags", [("none-any",), ("manylinux_2_28_x86_64", "macosx_11_0_arm64", "win_amd64")]
)
def test_a_uv_lock_with_a_wheel_for_every_system_is_complete(tags: tuple[str, ...]) -> None:
    assert missing_platforms("uv.lock", _uv_lock(*tags)) == []


def test_a_uv_lock_without_a_wheel_for_a_system_is_not() -> None:
    lock = _uv_lock("manylinux_2_28_x86_64", "macosx_11_0_arm64")
    assert missing_platforms("uv.lock", lock) == ["fast: win"]


def test_the_first_block_is_the_commands_without_comments() -> None:
    text = "# A\n\n```json\n{}\n```\n\n```sh\nnpm install   # once\n\n# then\nnpm test\n```\n"
    assert commands(first_block(text)) == ["npm install", "npm test"]


def test_one_failure_of_a_check_makes_it_a_fail_for_that_stack_alone() -> None:
    one, other = STACKS[0].name, STACKS[1].name
    table = tabulate(
        [
            (f"tests/contract/test_a.py::test_it_works[{one}-x]@{one}", "FAIL"),
            (f"tests/contract/test_a.py::test_it_works[{one}-y]@{one}", "ok"),
            (f"tests/contract/test_a.py::test_it_works[{other}]@{other}", "ok"),
        ]
    )
    assert table == {"it works": {one: "FAIL", other: "ok"}}
    assert lines(table)[1].split() == ["it", "works", "FAIL", "ok"]
