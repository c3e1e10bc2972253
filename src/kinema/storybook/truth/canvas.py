"""A moment painted with the numbers of its layers instead of with colours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.render.paint import Image
from kinema.storybook.truth.layers import Layer

OPAQUE = 128
"""Coverage from which a layer, not what is behind it, is what a pixel shows."""


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """Which layer each pixel shows, and how much of it each actor covers.

    top: (H, W), index into ``layers``; -1 where there is nothing.
    whole, visible: (H, W) bytes by actor, as if nothing were in front of it and as it is.
    """

    layers: tuple[Layer, ...]
    top: NDArray[np.int32]
    whole: dict[str, Image]
    visible: dict[str, Image]


def paint(layers: Iterable[Layer], size: tuple[int, int]) -> Canvas:
    """Lay all layers over each other in a (width, height) frame, first to last."""
    width, height = size
    canvas = Canvas(tuple(layers), np.full((height, width), -1, np.int32), {}, {})
    for index, layer in enumerate(canvas.layers):
        if layer.actor is not None:
            canvas.whole[layer.actor] = np.zeros((height, width), np.uint8)
            canvas.visible[layer.actor] = np.zeros((height, width), np.uint8)
        if layer.box is not None:
            _lay(canvas, index, layer)
    return canvas


def _lay(canvas: Canvas, index: int, layer: Layer) -> None:
    assert layer.box is not None
    x0, y0, x1, y1 = layer.box
    part = np.s_[y0:y1, x0:x1]
    solid = True if layer.cover is None else layer.cover >= OPAQUE
    if layer.clip is not None:
        solid = solid & layer.clip[part]
    np.copyto(canvas.top[part], index, where=solid)
    if layer.cover is None:
        return  # it fills its box, as only a background does
    kept = 255 - layer.cover
    for mask in canvas.visible.values():
        mask[part] = cv2.multiply(mask[part], kept, scale=1 / 255)
    if layer.actor is not None:
        canvas.whole[layer.actor][part] = layer.cover
        canvas.visible[layer.actor][part] = layer.cover
