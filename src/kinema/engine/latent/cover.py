"""Pictures onto a canvas of another shape: scaled evenly, cut or continued at the edges.

Nothing here stretches: both sides of a picture are scaled by the same factor, to within half a
pixel.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.types import Size


@dataclass(frozen=True, slots=True)
class Placement:
    """How one picture comes to lie on a canvas.

    canvas: the result's size. scaled: the size of the picture before it is cut. left, top: column
    and row of the canvas where its corner comes to lie; negative where it is cut.
    """

    canvas: Size
    scaled: Size
    left: int
    top: int

    def place(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Lay a picture (h, w) or (h, w, 3) onto the canvas; identity where nothing is to be done.

        What lies beyond its edges is mirrored, so that a model which sees the canvas finds no
        edge there. Pictures are enlarged smoothly; masks (h, w) without overshoot.
        """
        height, width = picture.shape[:2]
        if (width, height) != (self.scaled.width, self.scaled.height):
            shrinks = self.scaled.width < width
            enlarging = cv2.INTER_LINEAR if picture.ndim == 2 else cv2.INTER_CUBIC
            method = cv2.INTER_AREA if shrinks else enlarging
            target = self.scaled.width, self.scaled.height
            picture = np.asarray(cv2.resize(picture, target, interpolation=method), np.uint8)
        above, before = max(self.top, 0), max(self.left, 0)
        seen = picture[above - self.top :, before - self.left :]
        seen = seen[: self.canvas.height - above, : self.canvas.width - before]
        below = self.canvas.height - above - seen.shape[0]
        after = self.canvas.width - before - seen.shape[1]
        if above or below or before or after:
            mirrored = cv2.BORDER_REFLECT_101
            seen = cv2.copyMakeBorder(seen, above, below, before, after, mirrored)
        return np.ascontiguousarray(seen, np.uint8)

    def beyond(self) -> NDArray[np.float32]:
        """(H, W) of the canvas: 1 where the picture does not reach, 0 where it lies."""
        mask = np.ones((self.canvas.height, self.canvas.width), np.float32)
        rows = slice(max(self.top, 0), max(self.top + self.scaled.height, 0))
        columns = slice(max(self.left, 0), max(self.left + self.scaled.width, 0))
        mask[rows, columns] = 0.0
        return mask


def covering(source: Size, canvas: Size, shown: Size | None = None) -> Placement:
    """The placement that fills ``shown``, the middle of the canvas (all of it when None)."""
    shown = canvas if shown is None else shown
    return _placement(source, canvas, shown, _scale_to_cover(source, shown))


def inside(source: Size, canvas: Size, shown: Size | None = None) -> Placement:
    """The placement that puts the whole picture into ``shown``, as large as it goes."""
    shown = canvas if shown is None else shown
    scale = min(shown.width / source.width, shown.height / source.height)
    return _placement(source, canvas, shown, scale)


def left_by_crop(canvas: Size, size: Size) -> Size:
    """What of a canvas is left when it is cover-cropped to ``size``, in pixels of the canvas."""
    scale = _scale_to_cover(canvas, size)
    return Size(
        width=min(canvas.width, round(size.width / scale)),
        height=min(canvas.height, round(size.height / scale)),
    )


def _scale_to_cover(source: Size, size: Size) -> float:
    return max(size.width / source.width, size.height / source.height)


def _placement(source: Size, canvas: Size, shown: Size, scale: float) -> Placement:
    scaled = Size(
        width=max(1, round(source.width * scale)), height=max(1, round(source.height * scale))
    )
    # Two whole-numbered steps, so that cutting ``shown`` out of the canvas gives bit for bit what
    # placing on ``shown`` alone gives.
    left = (canvas.width - shown.width) // 2 - (scaled.width - shown.width) // 2
    top = (canvas.height - shown.height) // 2 - (scaled.height - shown.height) // 2
    return Placement(canvas, scaled, left, top)
