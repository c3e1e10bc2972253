"""Glass: what it adds to the light, what it lets through, and how far it bends it aside."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.figures.cache import PictureCache
from kinema.storybook.figures.material import CLEAR, slopes, swollen

_BENT = 96  # pixels of the longer side at which bending is worked out: it is smooth
_CLEAR = PictureCache(4 * 2**20)
_BENDING = PictureCache(2 * 2**20)

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Lens:
    """What is seen through a cut-out.

    clear: how much of each colour passes, (H, W, 3) bytes, as large as the cut-out's image and 0
    outside of its silhouette.
    bend: how far to the right and down of a pixel that is seen which shows through it, in pixels of
    the image; (h, w, 2) float32, to be stretched over the image.
    """

    clear: Picture
    bend: NDArray[np.float32]


def lens_of(key: Hashable, bare: Picture, whole: Picture) -> Lens:
    """The lens of a glass body.

    Args:
        key: Equal keys mean equal pictures.
        bare: The body as `material` paints glass, premultiplied RGBA.
        whole: The same with what it holds and wears, through which nothing is seen.
    """
    return Lens(
        clear=_CLEAR.get(key, lambda: _clearness(bare, whole)),
        bend=_BENDING.get(key, lambda: _bending(bare)),
    )


def shine(bare: Picture, whole: Picture) -> Picture:
    """What a glass body adds to what is behind it, and all that it holds and wears.

    Arguments are those of `lens_of`. Returns premultiplied RGBA with the alpha of ``whole``.
    """
    alpha = cv2.extractChannel(bare, 3)
    held = cv2.multiply(cv2.merge([alpha, alpha, alpha]), CLEAR / 255)
    added = cv2.multiply(cv2.subtract(_rgb(bare), held), (2.0, 2.0, 2.0, 0.0))
    out = np.dstack([np.minimum(added, alpha[..., None]), alpha])
    return out if whole is bare else np.where(_things(bare, whole), whole, out)


def _clearness(bare: Picture, whole: Picture) -> Picture:
    alpha = cv2.extractChannel(bare, 3)
    passed = cv2.multiply(_rgb(bare), (255 / CLEAR, 255 / CLEAR, 255 / CLEAR, 0.0))
    clear = np.minimum(passed, alpha[..., None])
    return clear if whole is bare else np.where(_things(bare, whole), np.uint8(0), clear)


def _things(bare: Picture, whole: Picture) -> NDArray[np.bool_]:
    """Where something that is not of glass shows, (H, W, 1)."""
    return np.any(bare != whole, axis=2, keepdims=True)


def _bending(bare: Picture) -> NDArray[np.float32]:
    """Light seen through the right of a ball comes from the left of it."""
    alpha = cv2.extractChannel(bare, 3)
    share = min(1.0, _BENT / max(alpha.shape))
    size = (max(2, round(alpha.shape[1] * share)), max(2, round(alpha.shape[0] * share)))
    small = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)
    right, down = slopes(swollen(small))
    return np.dstack([right, down]).astype(np.float32) * np.float32(2 / share)


def _rgb(picture: Picture) -> Picture:
    return np.ascontiguousarray(picture[..., :3])
