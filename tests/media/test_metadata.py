from __future__ import annotations

import json
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema import media
from kinema.errors import MediaError
from kinema.media.xmp import labels_of, packet
from tests.media.moving import FORMATS, STILLS, Write

ALL = (*FORMATS, *STILLS)
DOCUMENT = {"request": {"prompt": "a <fox> & \u4e2d\u6587 \U0001f98a"}, "scene": ["meadow"] * 3}


def labels(**changed: str) -> media.Labels:
    facts = json.dumps(DOCUMENT)
    usual = {
        "title": "A fox & \u4e2d",
        "source_type": "http://x/y",
        "aigc": '{"L":"1"}',
        "facts": facts,
    }
    return media.Labels(**(usual | changed))


def written(write: Write, name: str) -> Path:
    return write(name, 1 if name.startswith("still") else 12)


@pytest.mark.parametrize("name", ALL)
def test_labels_come_back(write: Write, name: str) -> None:
    path = written(write, name)
    assert media.labels(path) == media.Labels()
    assert media.facts(path) is None
    media.embed(path, labels())
    assert media.labels(path) == labels()
    assert media.facts(path) == DOCUMENT


@pytest.mark.parametrize("name", ALL)
def test_a_long_document_comes_back_whole(write: Write, name: str) -> None:
    path = written(write, name)
    long = {"scene": [{"actor": f"fox-{k}", "x": k / 7} for k in range(6000)]}
    text = json.dumps(long)
    assert len(text) > 200_000
    media.embed(path, labels(facts=text))
    assert media.facts(path) == long


@pytest.mark.parametrize("name", ALL)
def test_new_labels_take_the_place_of_old_ones(write: Write, name: str) -> None:
    path = written(write, name)
    media.embed(path, labels(facts='{"x":"' + "y" * 90_000 + '"}'))
    media.embed(path, labels(facts='{"z":1}'))
    assert media.labels(path) == labels(facts='{"z":1}')
    assert sum(file.stat().st_size for file in path.parent.rglob("*.*")) < 90_000


@pytest.mark.parametrize("name", ALL)
def test_the_pictures_stay_bit_for_bit(write: Write, name: str) -> None:
    path = written(write, name)
    info, before = media.probe(path), list(media.frames(path))
    media.embed(path, labels())
    assert media.probe(path) == info
    for one, other in zip(before, media.frames(path), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("name", STILLS)
def test_other_readers_still_open_a_labelled_picture(write: Write, name: str) -> None:
    path = written(write, name)
    media.embed(path, labels(facts="{}" + " " * 100_000))
    assert cv2.imread(str(path)) is not None


def test_other_readers_still_play_a_labelled_webp(write: Write) -> None:
    path = written(write, "clip.webp")
    media.embed(path, labels())
    done, animation = cv2.imreadanimation(str(path))
    assert done
    assert len(animation.frames) == 12


def test_the_index_of_an_mp4_stays_in_front(write: Write) -> None:
    path = written(write, "clip.mp4")
    media.embed(path, labels())
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_a_sequence_carries_its_facts_once(write: Write) -> None:
    path = written(write, "frames/%04d.png")
    media.embed(path, labels())
    each = [media.labels(file) for file in sorted(path.parent.iterdir())]
    assert [bool(found.facts) for found in each] == [True] + [False] * 11
    assert {found.aigc for found in each} == {labels().aigc}


def test_a_file_that_cannot_be_labelled_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"\0\0\0\x18ftypisom" + b"\0" * 40)
    before = path.read_bytes()
    with pytest.raises(MediaError):
        media.embed(path, labels())
    assert path.read_bytes() == before
    assert [f.name for f in tmp_path.iterdir()] == ["clip.mp4"]


def test_a_format_that_carries_no_facts_has_none(write: Write) -> None:
    path = written(write, "clip.mp4")
    with av.open(str(path)) as source, av.open(str(path.with_suffix(".mkv")), "w") as target:
        stream = source.streams.video[0]
        copy = target.add_stream_from_template(stream, opaque=True)
        for packet_ in source.demux(stream):
            if packet_.size:
                packet_.stream = copy
                target.mux(packet_)
    mkv = path.with_suffix(".mkv")
    assert media.probe(mkv).format is media.Format.MATROSKA
    assert media.facts(mkv) is None
    with pytest.raises(MediaError, match="MATROSKA, which cannot carry labels"):
        media.embed(mkv, labels())


def test_every_format_that_is_written_carries_facts() -> None:
    assert {Path(name).suffix for name in ALL} <= media.CARRIES_FACTS


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=80))
def test_any_text_passes_through_xmp(text: str) -> None:
    made = media.Labels(title=text, facts=json.dumps(text))
    assert labels_of(packet(made)) == made


def test_a_hostile_packet_gives_nothing() -> None:
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + packet(labels())
    assert labels_of(entity) == media.Labels()
    assert labels_of(b"<x:xmpmeta") == media.Labels()
