from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from kinema import media
from kinema.errors import MediaError
from kinema.types import Size
from tests.media.moving import FORMATS, SIZE, STILLS, Write, number_of, pictures


def decoded(image: bytes) -> np.ndarray:
    bgr = cv2.imdecode(np.frombuffer(image, np.uint8), cv2.IMREAD_COLOR)
    assert bgr is not None
    return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)


@pytest.mark.parametrize("name", [*FORMATS, *STILLS])
def test_everything_has_a_thumbnail_and_a_sheet(write: Write, name: str) -> None:
    path = write(name, 1 if name.startswith("still") else 9)
    image = media.thumbnail(path)
    assert image[8:12] == b"WEBP"
    assert decoded(image).shape == (128, 160, 3)
    assert media.spritesheet(path).image.startswith(b"\xff\xd8")


def test_a_black_start_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    black = [np.zeros((SIZE.height, SIZE.width, 3), np.uint8)] * 20
    media.write(path, black + pictures(10), size=SIZE, fps=Fraction(24))
    assert decoded(media.thumbnail(path)).mean() > 60


def test_a_thumbnail_is_made_small_and_written(tmp_path: Path) -> None:
    size = Size(width=640, height=360)
    path, out = tmp_path / "clip.mp4", tmp_path / "small.webp"
    media.write(path, pictures(3, size), size=size, fps=Fraction(24))
    image = media.thumbnail(path, out, side=200)
    assert out.read_bytes() == image
    assert decoded(image).shape == (112, 200, 3)


def test_the_sheet_shows_what_its_times_say(write: Write) -> None:
    sheet = media.spritesheet(write("clip.mp4", 100, 20))
    assert (sheet.columns, sheet.rows, str(sheet.tile)) == (5, 5, "160x128")
    assert list(sheet.times) == [Fraction(4 * k + 2, 20) for k in range(25)]
    image = decoded(sheet.image)
    assert image.shape == (5 * 128, 5 * 160, 3)
    for k, time in enumerate(sheet.times):
        row, column = divmod(k, 5)
        tile = image[row * 128 : row * 128 + 128, column * 160 : column * 160 + 160]
        assert number_of(tile) == int(time * 20) % 32


def test_a_short_clip_has_a_short_sheet(write: Write) -> None:
    sheet = media.spritesheet(write("clip.webm", 7))
    assert (sheet.columns, sheet.rows, len(sheet.times)) == (5, 2, 7)


def test_a_broken_clip_has_none(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_text("words")
    with pytest.raises(MediaError):
        media.thumbnail(tmp_path / "clip.mp4")
