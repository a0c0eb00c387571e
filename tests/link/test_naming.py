from pathlib import Path

import pytest

from scaffold.errors import UsageProblem
from scaffold.link.naming import project_name


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    return tmp_path / "shop"


@pytest.mark.parametrize(
    ("manifest", "text", "name"),
    [
        ("package.json", '{"name": "store"}', "store"),
        ("package.json", '{"name": "@acme/store"}', "store"),
        ("pyproject.toml", '[project]\nname = "store"\n', "store"),
    ],
)
def test_the_manifest_names_the_project(shop: Path, manifest: str, text: str, name: str) -> None:
    (shop / manifest).write_text(text)
    assert project_name(shop, manifest) == name


@pytest.mark.parametrize(
    ("manifest", "text"),
    [
        ("package.json", '{"name": "My Store"}'),
        ("package.json", '{"name": 7}'),
        ("package.json", '["store"]'),
        ("package.json", "{"),
        ("pyproject.toml", "[tool.x]\n"),
        ("pyproject.toml", "project = 'store'\n"),
        ("pyproject.toml", "[project"),
    ],
)
def test_the_folder_does_where_the_manifest_gives_no_fit_name(
    shop: Path, manifest: str, text: str
) -> None:
    assert project_name(shop, manifest) == "shop"
    (shop / manifest).write_text(text)
    assert project_name(shop, manifest) == "shop"


def test_without_any_fit_name_it_is_said_which_rule_the_first_breaks(tmp_path: Path) -> None:
    folder = tmp_path / "My Shop"
    folder.mkdir()
    (folder / "package.json").write_text('{"name": "My_Store"}')
    with pytest.raises(UsageProblem, match="'My_Store' cannot be a project's name"):
        project_name(folder, "package.json")
    with pytest.raises(UsageProblem, match="'My Shop' cannot be a project's name"):
        project_name(folder, "pyproject.toml")
