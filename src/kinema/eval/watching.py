"""Clips as the referee looks at them: so many frames a second, square, small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema import media
from kinema.media.reader import picked
from kinema.models.configs import RefereeConfig
from kinema.storybook.render import frame
from kinema.storybook.sampler import Sample
from kinema.types import Size

Pixels = NDArray[np.uint8]


def moments(config: RefereeConfig, fps: Fraction, frames: int) -> list[int]:
    """Numbers of the frames that the referee looks at; the last one again where a clip is short."""
    return [min(round(i * fps / config.fps), frames - 1) for i in range(config.frames)]


def fitted(frames: Sequence[Pixels] | Iterator[Pixels], side: int) -> Pixels:
    """The middle square of each frame, ``side`` pixels wide: (T, side, side, 3)."""
    found: list[Pixels] = []
    for picture in frames:
        height, width = picture.shape[:2]
        edge = min(height, width)
        top, left = (height - edge) // 2, (width - edge) // 2
        square = picture[top : top + edge, left : left + edge]
        smaller = edge > side
        how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
        found.append(np.asarray(cv2.resize(square, (side, side), interpolation=how), np.uint8))
    return np.stack(found)


def watched(path: Path, config: RefereeConfig) -> Pixels:
    """A clip's file as the referee looks at it: (T, side, side, 3) bytes.

    Raises:
        MediaError: The file cannot be read, or has no clock.
    """
    info = media.probe(path)
    numbers = moments(config, info.fps or Fraction(config.fps), info.frames)
    distinct = sorted(set(numbers))
    found = dict(zip(distinct, picked(path, distinct), strict=True))
    return fitted([found[number] for number in numbers], config.side)


def drawn(sample: Sample, config: RefereeConfig, size: Size, fps: Fraction, frames: int) -> Pixels:
    """The real clip of a sample, as the referee looks at it.

    Cost:
        About 5 ms for each frame of 128 x 128.
    """
    found: dict[int, Pixels] = {}
    for number in moments(config, fps, frames):
        if number not in found:
            found[number] = frame(sample.timeline, size, number / fps)
    return fitted([found[n] for n in moments(config, fps, frames)], config.side)
