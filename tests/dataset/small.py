"""Small videos with known cuts."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema import media
from kinema.types import Size


def scene(seed: int, frames: int, *, across: int = 1, size: tuple[int, int] = (64, 48)) -> list:
    """A blurred picture that runs ``across`` pixels a frame."""
    width, height = size
    noise = np.random.default_rng(seed).integers(0, 255, (6, 12, 3)).astype(np.uint8)
    wide = np.asarray(cv2.resize(noise, (width * 3, height), interpolation=cv2.INTER_CUBIC))
    return [wide[:, i * across : i * across + width] for i in range(frames)]


def video(path: Path, frames: list[NDArray[np.uint8]], caption: str = "", fps: int = 12) -> Path:
    height, width = frames[0].shape[:2]
    media.write(path, frames, size=Size(width=width, height=height), fps=Fraction(fps))
    if caption:
        path.with_suffix(".txt").write_text(caption, "utf-8")
    return path
