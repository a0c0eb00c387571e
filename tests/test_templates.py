import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scaffold import templates
from scaffold.bundle import read_bundle, tag
from scaffold.errors import ScaffoldError
from scaffold.project import Project
from scaffold.recommend import Service
from tests.conftest import Git

EXPRESS = Service("api", "node-express", "node")
SHOP = Project("shop", "shop", EXPRESS, told={"saas": "must"})


@pytest.fixture
def older(here: Path, git: Git) -> bytes:
    return _bundle(here, git, "v0.0.1")


@pytest.fixture
def newer(here: Path, git: Git) -> bytes:
    return _bundle(here, git, "v999.0.0")


def _bundle(here: Path, git: Git, version: str) -> bytes:
    folder = here / version
    folder.mkdir()
    git("init", "-q", cwd=folder)
    git("commit", "-q", "--allow-empty", "-m", "x", cwd=folder)
    git("tag", version, cwd=folder)
    git("bundle", "create", "-q", "b", "HEAD", "--tags", cwd=folder)
    return (folder / "b").read_bytes()


def _kept(home: Path) -> Path:
    return home / ".scaffold/templates.bundle"


def test_a_project_remembers_where_it_came_from_for_plain_copier(here: Path, home: Path) -> None:
    version = templates.render(SHOP, here)
    answers = (here / ".copier-answers.yml").read_text()
    assert version == tag(read_bundle(templates.packaged_bundle()).newest)  # type: ignore[union-attr]
    assert f"_commit: {version}\n" in answers
    assert "_src_path: ~/.scaffold/templates.bundle\n" in answers
    assert "    saas: must\n" in answers
    assert _kept(home).read_bytes() == templates.packaged_bundle()


def test_a_project_of_an_older_version_can_be_updated_at_once(here: Path, home: Path) -> None:
    bundle = read_bundle(templates.packaged_bundle())
    assert bundle is not None
    oldest = Project("shop", "shop", EXPRESS, ref=tag(bundle.versions[0]))
    assert templates.render(oldest, here) == tag(bundle.versions[0])
    assert _kept(home).read_bytes() == templates.packaged_bundle()


def test_an_older_bundle_in_the_home_folder_is_replaced(home: Path, older: bytes) -> None:
    _kept(home).parent.mkdir()
    _kept(home).write_bytes(older)
    templates.install_bundle()
    assert _kept(home).read_bytes() == templates.packaged_bundle()


def test_a_newer_bundle_in_the_home_folder_is_left_alone(home: Path, newer: bytes) -> None:
    _kept(home).parent.mkdir()
    _kept(home).write_bytes(newer)
    ours = templates.install_bundle()
    assert _kept(home).read_bytes() == newer
    assert ours == read_bundle(templates.packaged_bundle())


@pytest.mark.parametrize("damage", [b"", b"# v2 git bundle\n", b"PACK", None])
def test_a_damaged_bundle_in_the_home_folder_is_replaced(home: Path, damage: bytes | None) -> None:
    data = templates.packaged_bundle()
    _kept(home).parent.mkdir()
    _kept(home).write_bytes(data[: len(data) // 2] if damage is None else damage)
    templates.install_bundle()
    assert _kept(home).read_bytes() == data


def test_a_damaged_newer_bundle_is_replaced_too(home: Path, newer: bytes) -> None:
    _kept(home).parent.mkdir()
    _kept(home).write_bytes(newer[:-1])
    templates.install_bundle()
    assert _kept(home).read_bytes() == templates.packaged_bundle()


def test_many_processes_at_once_leave_one_whole_bundle(home: Path, older: bytes) -> None:
    _kept(home).parent.mkdir()
    _kept(home).write_bytes(older)
    words = [sys.executable, "-c", "from scaffold.templates import install_bundle as i; i()"]
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda _: subprocess.run(words, check=False).returncode, range(6)))
    assert done == [0] * 6
    assert _kept(home).read_bytes() == templates.packaged_bundle()
    assert {path.name for path in _kept(home).parent.iterdir()} <= {
        "templates.bundle",
        "templates.lock",
    }


def test_a_home_folder_that_cannot_be_written_is_one_sentence(home: Path) -> None:
    (home / ".scaffold").write_text("a file in the way")
    with pytest.raises(ScaffoldError, match=r"cannot be kept in .*templates\.bundle") as caught:
        templates.install_bundle()
    assert "--source" in caught.value.hint


@pytest.mark.parametrize(
    ("source", "ref"),
    [
        ("no/such/folder", None),
        ("~/.scaffold/templates.bundle", "v77.0.0"),
        ("git+file:///no/such/repository", None),
        ("--upload-pack=touch pwned", None),
    ],
)
def test_an_unknown_source_or_version_is_one_sentence(
    here: Path, source: str, ref: str | None
) -> None:
    templates.install_bundle()
    project = Project("shop", "shop", EXPRESS, source=source, ref=ref)
    with pytest.raises(ScaffoldError) as caught:
        templates.render(project, here / "out")
    assert "\n" not in caught.value.message
    assert "--source" in caught.value.hint or "address" in caught.value.hint
    assert not (here / "pwned").exists()


def test_a_folder_can_be_the_source(here: Path, git: Git) -> None:
    own = here / "own"
    (own / "templates/mine").mkdir(parents=True)
    (own / "copier.yml").write_text(
        "_subdirectory: templates/{{ stack }}\nstack: {type: str}\nproject_name: {type: str}\n"
    )
    (own / "templates/mine/hello.txt.jinja").write_text("Hello {{ project_name }}\n")
    git("init", "-q", cwd=own)
    git("add", "-A", cwd=own)
    git("commit", "-q", "-m", "x", cwd=own)
    git("tag", "v3.0.0", cwd=own)
    project = Project("shop", "shop", Service("api", "mine", "node"), source=str(own))
    assert templates.render(project, here / "out") == "v3.0.0"
    assert (here / "out/hello.txt").read_text() == "Hello shop\n"


def test_versions_are_the_tags_that_are_versions_oldest_first(here: Path, git: Git) -> None:
    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "x")
    for name in ("v1.10.0", "v1.9.0", "2.0.0-rc.1", "latest", "v1.9.0-old-thing"):
        git("tag", name)
    found = templates.versions(str(here))
    assert list(found.values()) == ["v1.9.0", "v1.10.0", "2.0.0-rc.1"]
    assert [version.is_prerelease for version in found] == [False, False, True]


@pytest.mark.parametrize(
    ("tag_name", "version"),
    [
        ("v1.2.3", "1.2.3"),
        ("1.2", "1.2"),
        ("v2.0.0-rc.1", "2.0.0rc1"),
        ("v1.2.3-4-gabc1234", "1.2.3"),
        ("latest", None),
        ("", None),
    ],
)
def test_a_tag_or_what_comes_after_one_stands_for_a_version(
    tag_name: str, version: str | None
) -> None:
    found = templates.parsed(tag_name)
    assert (str(found) if found else None) == version


def test_a_source_that_is_gone_has_no_versions(here: Path) -> None:
    with pytest.raises(ScaffoldError, match="of nowhere cannot be read") as caught:
        templates.versions("nowhere")
    assert "--source" in caught.value.hint


def test_an_address_that_is_an_option_is_none(here: Path) -> None:
    with pytest.raises(ScaffoldError, match="cannot be read"):
        templates.versions("--upload-pack=touch pwned")
    assert not (here / "pwned").exists()


def test_the_changelog_and_the_kept_files_come_with_a_version(here: Path, git: Git) -> None:
    own = here / "own"
    (own / "template/docs").mkdir(parents=True)
    (own / "copier.yml").write_text("_subdirectory: template\n_skip_if_exists: ['*.local']\n")
    (own / "CHANGELOG.md").write_text("# Changes\n")
    (own / "template/docs/a.local").write_text("a\n")
    (own / "template/b.txt").write_text("b\n")
    git("init", "-q", cwd=own)
    git("add", "-A", cwd=own)
    git("commit", "-q", "-m", "x", cwd=own)
    git("tag", "v1.0.0", cwd=own)
    copied = templates.render_version(str(own), "v1.0.0", {}, here / "out")
    assert tuple(copied) == ("v1.0.0", "# Changes\n", ("docs/a.local",))


def test_without_a_home_folder_it_is_said_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", unknown)
    for work in (templates.install_bundle, lambda: templates.versions("~/templates")):
        with pytest.raises(ScaffoldError, match=r"^There is no home folder, .*\.$") as caught:
            work()
        assert caught.value.hint == "Set HOME to a folder of yours."


def test_a_folder_that_is_no_repository_is_told_to_be_none(here: Path) -> None:
    with pytest.raises(ScaffoldError, match=r"'nowhere' does not appear to be a git repository\.$"):
        templates.versions("nowhere")


@pytest.mark.parametrize(
    ("source", "recorded"),
    [
        ("gh:acme/templates", "gh:acme/templates"),
        ("https://github.com/acme/templates", "https://github.com/acme/templates"),
        ("https://example.com/templates.git", "https://example.com/templates.git"),
        ("https://example.com/templates", "git+https://example.com/templates"),
        ("ssh://git@example.com/templates", "git+ssh://git@example.com/templates"),
        ("git@example.com:acme/templates", "git@example.com:acme/templates"),
        ("~/templates", "~/templates"),
        ("some/../there", "{here}/there"),
        ("nowhere", "nowhere"),
    ],
)
def test_a_source_is_recorded_so_that_copier_can_render_from_it(
    here: Path, source: str, recorded: str
) -> None:
    (here / "some").mkdir()
    (here / "there").mkdir()
    assert templates.lasting(source) == recorded.format(here=here)
