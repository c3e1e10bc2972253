from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path

import pytest

from kinema import media
from tests.media.moving import FORMATS, SIZE, STILLS, Write, pictures

ALL = (*FORMATS, *STILLS)


def count_for(name: str) -> int:
    return 1 if name.startswith("still") else 12


@pytest.mark.parametrize("name", ALL)
def test_the_same_frames_have_the_same_fingerprint(write: Write, name: str) -> None:
    path = write(name, count_for(name))
    first = media.fingerprint(path)
    assert media.fingerprint(write(name, count_for(name))) == first
    assert first.startswith("sha256:")
    assert len(first) == 71


@pytest.mark.parametrize("name", ALL)
def test_one_spot_changes_it(write: Write, tmp_path: Path, name: str) -> None:
    path = write(name, count_for(name))
    before = media.fingerprint(path)
    frames = pictures(count_for(name))
    frames[-1][100, 100] = (255, 255, 255)
    media.write(path, frames, size=SIZE, fps=Fraction(24), count=len(frames))
    assert media.fingerprint(path) != before


@pytest.mark.parametrize("name", ["clip.mp4", "clip.webm", "clip.gif", "clip.webp"])
def test_another_speed_changes_it(write: Write, name: str) -> None:
    assert media.fingerprint(write(name, 12, 24)) != media.fingerprint(write(name, 12, 25))


@pytest.mark.parametrize("name", ALL)
def test_labels_do_not_change_it(write: Write, name: str) -> None:
    path = write(name, count_for(name))
    before, id_before = media.fingerprint(path), media.file_id(path)
    for facts in ('{"a":1}', '{"b":"' + "x" * 200_000 + '"}', ""):
        media.embed(path, media.Labels(title="A title", facts=facts))
        assert media.fingerprint(path) == before
        assert media.file_id(path) != id_before


def test_a_file_id_is_the_hash_of_its_bytes(write: Write) -> None:
    path = write("clip.mp4", 3)
    assert media.file_id(path) == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
