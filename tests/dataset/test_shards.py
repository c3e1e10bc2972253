"""Shards there and back."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from kinema.data.captioned import captioned
from kinema.data.shards import pack, unpack
from kinema.errors import RequestError
from tests.dataset.small import scene, video


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "clips"
    place.mkdir()
    for number in range(4):
        video(place / f"{number}.mp4", scene(number, 5), f"caption {number}")
    video(place / "mute.mp4", scene(9, 5))
    return place


def test_clips_and_captions_come_back_as_they_were(folder: Path, tmp_path: Path):
    shards, problems = pack(folder, tmp_path / "shards", limit=4_000)
    assert len(shards) > 1
    assert [problem.file for problem in problems] == ["mute.mp4"]
    assert unpack(shards, tmp_path / "again") == []
    there, back = (captioned(place)[0] for place in (folder, tmp_path / "again"))
    assert [file.caption for file in back] == [file.caption for file in there]
    assert [f.path.read_bytes() for f in back] == [f.path.read_bytes() for f in there]


def test_samples_without_a_caption_and_broken_shards_are_named(folder: Path, tmp_path: Path):
    good = tmp_path / "good.tar"
    with tarfile.open(good, "w") as archive:
        archive.add(folder / "0.mp4", "one.mp4")
        archive.add(folder / "1.mp4", "two.mp4")
        archive.add(folder / "1.txt", "two.txt")
    bad = tmp_path / "bad.tar"
    bad.write_bytes(good.read_bytes()[:2000] + b"x" * 600)
    problems = unpack([good, bad], tmp_path / "out")
    assert problems[0].file == "good.tar: one"
    assert problems[0].why == "has no caption"
    assert problems[-1].file == "bad.tar"
    assert [file.caption for file in captioned(tmp_path / "out")[0]] == ["caption 1"]


def test_names_do_not_lead_out_of_the_folder(folder: Path, tmp_path: Path):
    shard = tmp_path / "hostile.tar"
    with tarfile.open(shard, "w") as archive:
        for ending in ("mp4", "txt"):
            archive.add(folder / f"0.{ending}", f"../../escaped.{ending}")
    unpack([shard], tmp_path / "deep" / "out")
    assert not list(tmp_path.glob("escaped*"))
    assert not list((tmp_path / "deep").glob("escaped*"))


def test_a_missing_shard_is_refused(tmp_path: Path):
    with pytest.raises(RequestError, match=r"none\.tar"):
        unpack([tmp_path / "none.tar"], tmp_path / "out")
