from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kinema import media, trust
from kinema.errors import MediaError
from tests.media.moving import FORMATS, SIZE, STILLS, pictures

FACTS: dict[str, Any] = {
    "kinema": "1.2.3",
    "request": {"prompt": "a fox\n  walks " + "far " * 40},
    "weights": "",
    "scene": {"shots": [{"scene": {"setting": "meadow"}}]},
}


@pytest.mark.parametrize("name", [*FORMATS, *STILLS])
def test_every_format_carries_the_marks_and_the_facts(tmp_path: Path, name: str) -> None:
    path, count = tmp_path / name, 1 if name in STILLS else 6
    media.write(path, pictures(count), size=SIZE, fps=Fraction(24), count=count)
    before = media.fingerprint(path)
    trust.finish(path, FACTS)
    assert media.fingerprint(path) == before
    found = media.labels(path)
    assert found.source_type == trust.SourceType.ALGORITHMIC
    label = json.loads(found.aigc)
    assert (label["Label"], label["ContentProducer"]) == ("1", "Kinema 1.2.3")
    assert label["ProduceID"] == before
    assert found.title.startswith("a fox walks far far")
    assert len(found.title) <= 80
    assert media.facts(path) == FACTS


def test_finishing_twice_gives_the_same_file(tmp_path: Path) -> None:
    for name in ("clip.mp4", "clip.gif", "clip.webp", "still.png"):
        path, count = tmp_path / name, 1 if name in STILLS else 6
        media.write(path, pictures(count), size=SIZE, fps=Fraction(24), count=count)
        trust.finish(path, FACTS)
        once = media.file_id(path)
        trust.finish(path, FACTS)
        assert media.file_id(path) == once


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "algorithmicMedia"),
        ({"weights": "sha256:1"}, "trainedAlgorithmicMedia"),
        ({"request": {"images": [{"file": "sha256:2"}]}}, "compositeSynthetic"),
        ({"scene": {"shots": [{"scene": {"pictures": [{"file": "x"}]}}]}}, "compositeSynthetic"),
        ({"scene": {"shots": [{"scene": {"pictures": []}}]}}, "algorithmicMedia"),
        (
            {"weights": "sha256:1", "request": {"cards": [{"image": "sha256:2"}]}},
            "compositeWithTrainedAlgorithmicMedia",
        ),
    ],
)
def test_the_source_type_follows_from_the_facts(changed: dict[str, Any], expected: str) -> None:
    uri = trust.source_type(FACTS | changed)
    assert uri == f"http://cv.iptc.org/newscodes/digitalsourcetype/{expected}"


def test_public_tools_find_the_source_type_in_an_mp4(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    media.write(path, pictures(3), size=SIZE, fps=Fraction(24))
    trust.finish(path, FACTS)
    data = path.read_bytes()
    box = data.index(bytes.fromhex("be7acfcb97a942e89c71999491e3afac"))
    assert b"Iptc4xmpExt:DigitalSourceType" in data[box:]


def test_a_broken_file_is_not_finished(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_text("words")
    with pytest.raises(MediaError):
        trust.finish(path, FACTS)
    assert path.read_text() == "words"
