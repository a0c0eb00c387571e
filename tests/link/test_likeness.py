from pathlib import Path

import pytest

from scaffold.link.likeness import File, Likeness, compare
from scaffold.update.recorded import ANSWERS_FILE


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return _folder(tmp_path / "template")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return _folder(tmp_path / "project")


def _folder(path: Path) -> Path:
    (path / "src").mkdir(parents=True)
    (path / "src/app.ts").write_text("import a;\nimport b;\n\nrun(() => {\n  go;\n});\n")
    return path


def _app(found: int) -> File:
    return File("src/app.ts", "changed", found, 4)


def test_what_is_the_same_is_identical(template: Path, project: Path) -> None:
    assert compare(template, project).files == (File("src/app.ts", "identical", 4, 4),)


def test_line_ends_are_the_machines_and_make_no_difference(template: Path, project: Path) -> None:
    text = (project / "src/app.ts").read_bytes()
    (project / "src/app.ts").write_bytes(text.replace(b"\n", b"\r\n"))
    assert compare(template, project).counts() == {"identical": 1, "changed": 0, "missing": 0}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import a;\nimport b;\nrun(() => {\n  go;\n  more;\n});\n", 4),
        ("import b;\n\timport a;\n", 2),
        ("import a;\nimport a;\n", 1),
        ("\n\n});\n", 0),
        ("", 0),
    ],
)
def test_the_lines_that_tell_something_are_counted_once_each_in_any_order(
    template: Path, project: Path, text: str, found: int
) -> None:
    (project / "src/app.ts").write_text(text)
    assert compare(template, project).files == (_app(found),)


def test_a_file_that_is_gone_or_a_folder_now_is_missing(template: Path, project: Path) -> None:
    (project / "src/app.ts").unlink()
    missing = (File("src/app.ts", "missing", 0, 4),)
    assert compare(template, project).files == missing
    (project / "src/app.ts").mkdir()
    assert compare(template, project).files == missing


def test_the_projects_own_files_and_the_answers_file_do_not_count(
    template: Path, project: Path
) -> None:
    before = compare(template, project)
    (project / "own.ts").write_text("own;\n")
    (template / ANSWERS_FILE).write_text("_commit: v1.0.0\n")
    assert compare(template, project) == before


def test_a_file_that_is_no_text_is_compared_too(template: Path, project: Path) -> None:
    (template / "icon").write_bytes(b"\x89PNG\xff\xfe")
    (project / "icon").write_bytes(b"\x00\x01\x02")
    assert compare(template, project).counts() == {"identical": 1, "changed": 1, "missing": 0}


def test_a_template_without_a_telling_line_is_found_nowhere() -> None:
    assert Likeness((File("empty", "identical", 0, 0),)).share == 0


def test_the_share_is_of_lines_and_the_score_prefers_what_explains_more() -> None:
    half, more = Likeness((_app(4), _app(0))), Likeness((_app(4), _app(4)))
    assert (half.share, more.share) == (0.5, 1)
    assert half.score < Likeness((_app(4),)).score < more.score
