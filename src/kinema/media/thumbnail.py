"""Small pictures of a clip: one that stands for it, and a sheet to skim through it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from kinema.media.colour import Rgb
from kinema.media.picture import encode
from kinema.media.reader import picked, probe
from kinema.media.staging import naming_output, staged
from kinema.types import Size

THUMBNAIL_SIDE: Final = 512
"""Longest side of a thumbnail, pixels."""

_LOOKS: Final = 7
_GOOD_ENOUGH: Final = 0.9
_COLUMNS: Final = 5
_ROWS_MAX: Final = 5
_TILE_MAX: Final = 160


@dataclass(frozen=True, slots=True)
class SpriteSheet:
    """Frames of a clip side by side in one JPEG.

    ``image`` is the JPEG; tile number k, of size ``tile``, lies in column ``k % columns`` and row
    ``k // columns``, and shows the clip at ``times[k]`` seconds. Tiles without a time are black.
    """

    image: bytes
    columns: int
    rows: int
    tile: Size
    times: tuple[Fraction, ...]


class Highlights:
    """Gathers the small pictures of a clip while its frames go by, so that none is decoded again.

    Args:
        count: Frames of the clip.
        fps: Its rate; None for stills and sequences, which count one second a frame.
    """

    def __init__(self, count: int, fps: Fraction | None) -> None:
        self._looks, self._tiles = _Looks(count), _Tiles(count, fps)

    @classmethod
    def of(cls, path: Path) -> Highlights:
        """Those of a file, which is decoded up to the frames that are shown.

        Raises:
            MediaError: It cannot be read.
        """
        info = probe(path)
        found = cls(info.frames, info.fps)
        wanted = sorted({*found._looks.wanted, *found._tiles.wanted})
        for number, frame in zip(wanted, picked(path, wanted), strict=False):
            found._look(number, frame)
        return found

    def beside(self, frames: Iterable[Rgb]) -> Iterator[Rgb]:
        """The same frames; those that are shown are kept, small, as they go by."""
        for number, frame in enumerate(frames):
            self._look(number, frame)
            yield frame

    def thumbnail(self) -> bytes:
        """As `thumbnail`."""
        return self._looks.image()

    def spritesheet(self) -> SpriteSheet:
        """As `spritesheet`."""
        return self._tiles.sheet()

    def _look(self, number: int, frame: Rgb) -> None:
        self._looks.look(number, frame)
        self._tiles.look(number, frame)


def thumbnail(path: Path, out: Path | None = None, *, side: int = THUMBNAIL_SIDE) -> bytes:
    """Make a WebP picture that stands for the clip.

    Seven frames across the clip are looked at; the earliest that shows nearly as much contrast as
    the best of them is taken, so that a black or foggy start is passed over.

    Args:
        path: Anything that `reader.probe` reads.
        out: Where to write it as well, or None.
        side: Longest side in pixels; smaller clips are not enlarged.

    Returns:
        The WebP file.

    Raises:
        MediaError: The clip cannot be read.
        OutputError: ``out`` cannot be written.
    """
    looks = _Looks(probe(path).frames, side)
    for number, frame in zip(looks.wanted, picked(path, looks.wanted), strict=False):
        looks.look(number, frame)
    image = looks.image()
    if out is not None:
        with staged(out) as part, naming_output():
            part.write_bytes(image)
    return image


def spritesheet(path: Path) -> SpriteSheet:
    """Make a sheet of up to 25 frames, evenly spaced in time, five in a row.

    Each tile is the middle of its share of the clip, at most 160 pixels on its longer side. Stills
    and sequences, which have no clock, count one second a frame.

    Raises:
        MediaError: The clip cannot be read.

    Cost:
        Decodes up to the frames that are shown: half a second for an MP4 of 4 s at 1280x720.
    """
    info = probe(path)
    tiles = _Tiles(info.frames, info.fps)
    for number, frame in zip(tiles.wanted, picked(path, tiles.wanted), strict=False):
        tiles.look(number, frame)
    return tiles.sheet()


class _Looks:
    """The frames of which one will stand for the clip."""

    def __init__(self, count: int, side: int = THUMBNAIL_SIDE) -> None:
        self.wanted = sorted({(2 * look + 1) * count // (2 * _LOOKS) for look in range(_LOOKS)})
        self._side = side
        self._shown: dict[int, Rgb] = {}

    def look(self, number: int, frame: Rgb) -> None:
        if number in self.wanted:
            self._shown[number] = _fitted(frame, self._side)

    def image(self) -> bytes:
        shown = list(self._shown.values())
        contrast = [float(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY).std()) for frame in shown]
        best = next(k for k, value in enumerate(contrast) if value >= _GOOD_ENOUGH * max(contrast))
        return encode(shown[best], ".webp", 80)


class _Tiles:
    """The frames of a sheet."""

    def __init__(self, count: int, fps: Fraction | None) -> None:
        tiles = min(count, _COLUMNS * _ROWS_MAX)
        self.wanted = [(2 * tile + 1) * count // (2 * tiles) for tile in range(tiles)]
        self._fps = fps or Fraction(1)
        self._shown: dict[int, Rgb] = {}

    def look(self, number: int, frame: Rgb) -> None:
        if number in self.wanted:
            self._shown[number] = _fitted(frame, _TILE_MAX)

    def sheet(self) -> SpriteSheet:
        tiles = len(self.wanted)
        columns, rows = min(tiles, _COLUMNS), -(-tiles // _COLUMNS)
        height, width = next(iter(self._shown.values())).shape[:2]
        sheet = np.zeros((rows * height, columns * width, 3), np.uint8)
        for tile, number in enumerate(self.wanted):
            row, column = divmod(tile, columns)
            if number in self._shown:
                place = np.s_[
                    row * height : (row + 1) * height, column * width : (column + 1) * width
                ]
                sheet[place] = self._shown[number]
        return SpriteSheet(
            image=encode(sheet, ".jpg", 85),
            columns=columns,
            rows=rows,
            tile=Size(width=width, height=height),
            times=tuple(index / self._fps for index in self.wanted),
        )


def _fitted(frame: Rgb, side: int) -> Rgb:
    """The frame with its longer side at most ``side`` pixels."""
    height, width = frame.shape[:2]
    scale = min(1.0, side / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)
