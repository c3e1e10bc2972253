"""Small pictures of a clip: one that stands for it, and a sheet to skim through it."""

from __future__ import annotations

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


def thumbnail(path: Path, out: Path | None = None, *, side: int = 512) -> bytes:
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
    count = probe(path).frames
    looks = sorted({(2 * look + 1) * count // (2 * _LOOKS) for look in range(_LOOKS)})
    shown = [_fitted(frame, side) for frame in picked(path, looks)]
    contrast = [float(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY).std()) for frame in shown]
    best = next(k for k, value in enumerate(contrast) if value >= _GOOD_ENOUGH * max(contrast))
    image = encode(shown[best], ".webp", 80)
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
    tiles = min(info.frames, _COLUMNS * _ROWS_MAX)
    chosen = [(2 * tile + 1) * info.frames // (2 * tiles) for tile in range(tiles)]
    columns, rows = min(tiles, _COLUMNS), -(-tiles // _COLUMNS)
    sheet: Rgb | None = None
    height = width = 0
    for tile, frame in enumerate(picked(path, chosen)):
        small = _fitted(frame, _TILE_MAX)
        if sheet is None:
            height, width = small.shape[:2]
            sheet = np.zeros((rows * height, columns * width, 3), np.uint8)
        row, column = divmod(tile, columns)
        sheet[row * height : (row + 1) * height, column * width : (column + 1) * width] = small
    assert sheet is not None
    return SpriteSheet(
        image=encode(sheet, ".jpg", 85),
        columns=columns,
        rows=rows,
        tile=Size(width=width, height=height),
        times=tuple(index / (info.fps or Fraction(1)) for index in chosen),
    )


def _fitted(frame: Rgb, side: int) -> Rgb:
    """The frame with its longer side at most ``side`` pixels."""
    height, width = frame.shape[:2]
    scale = min(1.0, side / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)
