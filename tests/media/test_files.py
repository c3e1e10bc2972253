from __future__ import annotations

import os
from pathlib import Path

import pytest

from kinema import media
from kinema.errors import MediaError, OutputError


def store_with(tmp_path: Path, *contents: str) -> tuple[media.FileStore, list[str]]:
    store, names = media.FileStore(tmp_path / "store"), []
    for age, content in enumerate(contents):
        path = tmp_path / "given.txt"
        path.write_text(content)
        names.append(store.add(path))
        os.utime(store.path(names[-1]), (1000 + age, 1000 + age))
    return store, names


def test_a_file_is_found_by_its_content(tmp_path: Path) -> None:
    store, (name,) = store_with(tmp_path, "hello")
    assert name == media.file_id(tmp_path / "given.txt")
    assert store.path(name).read_text() == "hello"


def test_the_same_content_lies_there_once(tmp_path: Path) -> None:
    store, names = store_with(tmp_path, "hello", "hello")
    assert names[0] == names[1]
    assert len([file for file in store.folder.rglob("*") if file.is_file()]) == 1


@pytest.mark.parametrize("name", ["sha256:" + "0" * 64, "sha256:../../etc/passwd", "clip.mp4", ""])
def test_a_name_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    store, _ = store_with(tmp_path, "hello")
    with pytest.raises(MediaError, match="clip: "):
        store.path(name, field="clip")


def test_gc_removes_what_was_unused_for_longest(tmp_path: Path) -> None:
    store, names = store_with(tmp_path, "a" * 10, "b" * 10, "c" * 10)
    assert store.gc(30) == 0
    assert store.gc(20) == 10
    with pytest.raises(MediaError):
        store.path(names[0])
    assert [store.path(name).read_text()[0] for name in names[1:]] == ["b", "c"]
    assert store.gc(0) == 20


def test_a_missing_file_and_a_bad_folder_are_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(MediaError):
        media.FileStore(tmp_path / "store").add(tmp_path / "gone")
    with pytest.raises(OutputError):
        media.FileStore(tmp_path / "file").add(tmp_path / "file")


def test_the_cache_lies_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINEMA_HOME", "/k")
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    monkeypatch.setenv("HOME", "/h")
    assert media.FileStore().folder == Path("/k/files")
    monkeypatch.delenv("KINEMA_HOME")
    assert media.cache_folder() == Path("/x/kinema")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert media.cache_folder() == Path("/h/.cache/kinema")
