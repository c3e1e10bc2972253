"""Users' own pictures in the scene: a backdrop, a framed poster, a standing prop."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.camera import FOCAL, Camera, View
from kinema.storybook.render.light import Light
from kinema.storybook.render.paint import Image, warp_over
from kinema.storybook.scene import Picture

BACKDROP_MARGIN = 1.16
"""A backdrop is hung this much larger than the frame, so that camera moves stay on it."""
FRAME_SHARE = 0.045
"""Width of a poster's frame against its height."""


def backdrop(picture: NDArray[np.uint8], size: tuple[int, int], camera: Camera) -> Image:
    """The picture (H, W, 4) cover-cropped behind everything, moved a little with the camera."""
    source, matrix = placed_backdrop(picture, size, camera)
    matrix[:, 2] += (matrix[0, 0] - 1) / 2
    return cv2.warpAffine(
        source, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )


def placed_backdrop(
    picture: NDArray[np.uint8], size: tuple[int, int], camera: Camera
) -> tuple[Image, NDArray[np.floating]]:
    """A backdrop's RGB at a fitting size, and its 2x3 matrix, pixel edges at whole numbers."""
    width, height = size
    rows, columns = picture.shape[:2]
    zoom = camera.focal / FOCAL * (1 + 0.04 * camera.z)
    scale = max(width / columns, height / rows) * BACKDROP_MARGIN * max(zoom, 1 / BACKDROP_MARGIN)
    source = np.ascontiguousarray(picture[..., :3])
    if scale < 0.5:
        # Shrunk first by area, or a large photograph would flicker.
        source = cv2.resize(source, None, fx=2 * scale, fy=2 * scale, interpolation=cv2.INTER_AREA)
        scale = 0.5
    unit = min(size)
    u = width / 2 + np.clip(camera.pan - 0.02 * camera.x, -0.07, 0.07) * unit
    v = height / 2 + np.clip(camera.horizon, -0.06, 0.06) * unit
    matrix = np.array(
        [[scale, 0, u - source.shape[1] * scale / 2], [0, scale, v - source.shape[0] * scale / 2]]
    )
    return source, matrix


def draw_picture(
    frame: Image, view: View, what: Picture, picture: NDArray[np.uint8], light: Light
) -> None:
    """Stand a prop, or a framed poster, at its place."""
    layer, matrix = placed_picture(view, what, picture)
    warp_over(frame, cv2.multiply(layer, (*(float(c) for c in light.surface), 1.0)), matrix)


def placed_picture(
    view: View, what: Picture, picture: NDArray[np.uint8]
) -> tuple[Image, NDArray[np.floating]]:
    """A prop or framed poster as premultiplied RGBA, unlit, and its 2x3 matrix to the frame."""
    assert what.place is not None
    wanted = what.height * view.scale(what.place.z)
    layer = _premultiplied(picture, max(2, round(wanted)))
    if what.role == "poster":
        layer = _framed(layer)
    size = wanted / layer.shape[0]
    u, v = view.project(what.place.x, what.place.y, what.place.z)
    matrix = np.array(
        [[size, 0, u - layer.shape[1] * size / 2], [0, size, v - layer.shape[0] * size]]
    )
    return layer, matrix


def _premultiplied(picture: NDArray[np.uint8], height: int) -> Image:
    """The picture at about that height, colour multiplied by alpha."""
    rows, columns = picture.shape[:2]
    if height < rows:
        picture = cv2.resize(
            picture, (max(2, round(columns * height / rows)), height), interpolation=cv2.INTER_AREA
        )
    alpha = picture[..., 3:].astype(np.uint16)
    colour = (picture[..., :3] * alpha + 127) // 255
    return np.dstack((colour.astype(np.uint8), picture[..., 3]))


def _framed(layer: Image) -> Image:
    """A wooden frame around the picture, lighter above, on paper where it is transparent."""
    border = max(1, round(layer.shape[0] * FRAME_SHARE))
    paper = cv2.multiply(
        255 - cv2.cvtColor(np.ascontiguousarray(layer[..., 3]), cv2.COLOR_GRAY2RGB), 0.96
    )
    solid = cv2.add(np.ascontiguousarray(layer[..., :3]), paper)
    wood = cv2.copyMakeBorder(
        solid, border, border, border, border, cv2.BORDER_CONSTANT, value=(150, 100, 58)
    )
    wood[:border] = (186, 132, 84)
    wood[-border:] = (120, 78, 44)
    return np.dstack((wood, np.full(wood.shape[:2], 255, np.uint8)))
