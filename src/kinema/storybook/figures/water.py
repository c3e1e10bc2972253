"""Taking the slab of painted water away from the art of boats and swimmers."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def remove_water(
    frame: NDArray[np.uint8], box: tuple[int, int, int, int], top: int
) -> NDArray[np.uint8]:
    """Key out the blue water of one frame.

    Water is what is blue, lies below row ``top`` and hangs together with the left, right or lower
    border of the visible box, so that blue windows and goggles stay.

    Args:
        frame: (H, W, 4) uint8, premultiplied RGBA; not written to.
        box: x0, y0, x1, y1 (exclusive) of all that is visible.
        top: First row that may be water.

    Returns:
        (H, W, 4) uint8.
    """
    red, green, blue, alpha = (channel.astype(np.int16) for channel in cv2.split(frame))
    wet = (blue > 105) & (blue > red + 60) & (blue > green + 18) & (alpha > 60)
    wet[:top] = False
    closed = cv2.morphologyEx(wet.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    x0, y0, width, height = stats[:, :4].T
    outer = (x0 <= box[0] + 4) | (x0 + width >= box[2] - 4) | (y0 + height >= box[3] - 4)
    outer[0] = False  # label 0 is all that is dry
    water = outer[labels].astype(np.uint8) * 255
    water = cv2.GaussianBlur(cv2.dilate(water, np.ones((5, 5), np.uint8)), (0, 0), 0.8)
    dry = cv2.bitwise_not(water)
    return cv2.multiply(frame, cv2.merge([dry, dry, dry, dry]), scale=1 / 255)
