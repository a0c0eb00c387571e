import json

import pytest

from scaffold.manifest import Moved, moved


def npm(packages: dict[str, object]) -> str:
    return json.dumps({"lockfileVersion": 3, "packages": {"": {"name": "demo"}, **packages}})


UV = """\
version = 1

[[package]]
name = "demo"
version = "0.1.0"
source = { virtual = "." }

[[package]]
name = "anyio"
version = "4.16.0"
source = { registry = "https://example.org/simple" }
"""


def test_the_packages_that_npm_moved_are_told_in_order() -> None:
    before = npm(
        {
            "node_modules/zod": {"version": "4.6.7"},
            "node_modules/@types/pg": {"version": "8.23.1"},
            "node_modules/gone": {"version": "1.0.0"},
            "node_modules/same": {"version": "1.0.0"},
        }
    )
    after = npm(
        {
            "node_modules/zod": {"version": "4.6.8"},
            "node_modules/pg/node_modules/zod": {"version": "3.0.0"},
            "node_modules/@types/pg": {"version": "8.24.0"},
            "node_modules/same": {"version": "1.0.0"},
            "node_modules/linked": {"resolved": "packages/linked", "link": True},
        }
    )
    assert moved("package-lock.json", before, after) == (
        Moved("@types/pg", "8.23.1", "8.24.0"),
        Moved("gone", "1.0.0", None),
        Moved("zod", "4.6.7", "3.0.0, 4.6.8"),
    )


def test_an_alias_is_told_by_the_name_of_what_it_installs() -> None:
    after = npm({"node_modules/short": {"name": "long-name", "version": "1.0.0"}})
    assert moved("package-lock.json", npm({}), after) == (Moved("long-name", None, "1.0.0"),)


def test_the_packages_that_uv_moved_are_told_without_the_project_itself() -> None:
    after = UV.replace("4.16.0", "4.17.0").replace("0.1.0", "0.2.0")
    assert moved("uv.lock", UV, after) == (Moved("anyio", "4.16.0", "4.17.0"),)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("poetry.lock", UV),
        ("uv.lock", "["),
        ("uv.lock", "version = 1"),
        ("uv.lock", "package = [1]"),
        ("package-lock.json", "{"),
        ("package-lock.json", "[]"),
        ("package-lock.json", '{"packages": {"node_modules/x": {}}}'),
        ("package-lock.json", '{"packages": {"node_modules/x": 1}}'),
    ],
)
def test_of_what_cannot_be_read_nothing_is_told(name: str, text: str) -> None:
    assert moved(name, text, UV) == moved(name, UV, text) == ()
