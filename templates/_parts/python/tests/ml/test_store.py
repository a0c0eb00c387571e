import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from {{ "" if stack == "python-django" else "app." }}ml.store import FILE, Store, StoreError
from tests.ml.support import damaged, publish


def test_a_version_is_a_folder_with_what_is_known_of_it(store: Store) -> None:
    version = store.current()
    assert version
    folder = store.directory / version

    assert {path.name for path in folder.iterdir()} == {
        FILE,
        "metadata.json",
        "metrics.json",
    }
    metadata = json.loads((folder / "metadata.json").read_text())
    assert (metadata["name"], metadata["version"], metadata["seed"]) == ("wine", version, 0)
    assert metadata["classes"] == ["class_0", "class_1", "class_2"]
    assert json.loads((folder / "metrics.json").read_text())["accuracy"] > 0.9


def test_an_empty_store_has_no_current_version(tmp_path: Path) -> None:
    assert Store(tmp_path / "none").current() is None


def test_the_newest_is_served_until_somebody_points_to_another(store: Store) -> None:
    old = store.current()
    assert old
    new = publish(store)

    assert (store.current(), new != old) == (new, True)
    store.point_to(old)
    assert store.current() == old


def test_bytes_that_have_not_the_recorded_hash_are_not_given_out(store: Store) -> None:
    with pytest.raises(StoreError, match="damaged: its sha256"):
        store.read(damaged(store))


def test_one_version_cannot_pass_for_another(store: Store) -> None:
    old, new = store.current(), publish(store)
    assert old
    (store.directory / new / "metadata.json").write_bytes(
        (store.directory / old / "metadata.json").read_bytes()
    )

    with pytest.raises(StoreError, match=new):
        store.read(new)


@pytest.mark.parametrize("name", ["metadata.json", FILE])
def test_a_version_that_is_not_whole_is_refused(store: Store, name: str) -> None:
    version = store.current()
    assert version
    (store.directory / version / name).unlink()

    with pytest.raises(StoreError, match="cannot be read"):
        store.read(version)


@pytest.mark.parametrize("content", [b"../../etc", b"", b"\xff", b"20260131T120000Z"])
def test_a_pointer_that_names_no_version_leads_nowhere(store: Store, content: bytes) -> None:
    (store.directory / "current").write_bytes(content)

    with pytest.raises(StoreError):
        store.current()


def test_a_publication_that_breaks_off_changes_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = store.current()
    versions = sorted(store.directory.glob("[!.]*"))

    def break_off(_path: Path, _target: Path) -> None:
        raise OSError("gone")

    monkeypatch.setattr(Path, "rename", break_off)
    with pytest.raises(OSError, match="gone"):
        publish(store)

    assert store.current() == old
    assert sorted(store.directory.glob("[!.]*")) == versions


def test_publications_at_once_leave_whole_versions_only(store: Store) -> None:
    with ThreadPoolExecutor(4) as threads:
        versions = set(threads.map(lambda _: publish(store), range(8)))

    assert len(versions) == 8
    assert store.current() in versions
    for version in versions:
        assert store.read(version).metadata.version == version
