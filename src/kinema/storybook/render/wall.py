"""The back wall of a room or stage, painted once in metres and seen flat on."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.camera import FOCAL, View
from kinema.storybook.catalogue import Setting
from kinema.storybook.render.light import Colour, Light, lerp, rgb
from kinema.storybook.render.paint import Image, to_bytes
from kinema.storybook.render.sky import lerp_map

DISTANCE = 9.4
"""Metres from the camera at rest to the wall."""
TOP = 11.0
"""Metres of wall that are painted above the floor."""


@dataclass(frozen=True, slots=True, eq=False)
class Wall:
    """A painted wall: picture, its pixels a metre, and metres from its left edge to x = 0."""

    picture: Image
    scale: float
    left: float

    @property
    def distance(self) -> float:
        """Metres from the resting camera."""
        return DISTANCE

    def draw(self, frame: Image, view: View) -> None:
        """Fill the frame above the line where wall and floor meet."""
        rows, matrix = self.rows(view), self.placed(view)
        if rows == 0:
            return
        matrix[:, 2] += (matrix[0, 0] - 1) / 2
        frame[:rows] = cv2.warpAffine(
            self.picture,
            matrix,
            (view.width, rows),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        # The corner between wall and floor gathers a little shade.
        reach = min(rows, max(2, round(0.05 * view.unit)))
        shade = 1 - 0.24 * np.exp(-np.arange(reach, 0, -1, dtype=np.float32) / (reach * 0.35))
        corner = frame[rows - reach : rows]
        corner[...] = (corner * shade[:, None, None]).astype(np.uint8)

    def placed(self, view: View) -> NDArray[np.floating]:
        """The 2x3 matrix from the wall's picture to the frame, pixel edges at whole numbers."""
        zoom = view.scale(DISTANCE) / self.scale
        x, y = view.project(-self.left, 0.0, DISTANCE)
        return np.array([[zoom, 0, x], [0, zoom, y - self.picture.shape[0] * zoom]])

    def rows(self, view: View) -> int:
        """How many rows from the frame's top the wall fills."""
        return min(view.height, max(0, round(view.project(0.0, 0.0, DISTANCE)[1])))


def paint_wall(setting: Setting, light: Light, size: tuple[int, int]) -> Wall:
    """Paint the wall of a setting for a frame of (width, height)."""
    unit = min(size)
    scale = FOCAL * (unit / 2 if unit >= 480 else unit) / DISTANCE
    left = DISTANCE / FOCAL * size[0] / unit / 2 + 3.5
    columns, rows = round(2 * left * scale), round(TOP * scale)
    x = ((np.arange(columns, dtype=np.float32) + 0.5) / scale - left)[None, :]
    y = ((rows - np.arange(rows, dtype=np.float32) - 0.5) / scale)[:, None]
    first, second = (rgb(*colour) for colour in setting.wall_colours)
    if setting.wall == "curtain":
        picture = _curtain(x, y, first, second)
    elif setting.wall == "board":
        picture = _with_board(x, y, first, second, scale)
    else:
        picture = _papered(x, y, first, second, light, scale)
    room = lerp(np.ones(3, np.float32), light.ambient, 0.5) * np.float32(1 - 0.25 * light.night)
    return Wall(to_bytes(np.clip(picture * room, 0, 1)), scale, left)


def _curtain(
    x: NDArray[np.floating], y: NDArray[np.floating], bright: Colour, dark: Colour
) -> NDArray[np.floating]:
    """Folds of velvet under three spotlights."""
    folds = np.sin(x * 6 + 0.6 * np.sin(y * 0.6)) * 0.5 + 0.5
    picture = lerp_map(dark, bright, folds) * (0.55 + 0.45 * np.clip(1 - y * 0.06, 0, 1))[..., None]
    for centre in (-2.4, 0.0, 2.4):
        beam = np.exp(-(((x - centre * (1 - 0.04 * y)) / (0.3 + 0.16 * np.abs(6 - y))) ** 2)) * 0.15
        picture = picture + beam[..., None] * rgb(255, 236, 180)
    return picture


def _papered(
    x: NDArray[np.floating],
    y: NDArray[np.floating],
    first: Colour,
    second: Colour,
    light: Light,
    scale: float,
) -> NDArray[np.floating]:
    """Striped wallpaper, skirting board, a window with a view and a framed picture."""
    soft = 1.2 / scale
    stripes = _edge(np.abs(x * 1.4 % 1 - 0.25) - 0.25, soft * 1.4) * 0.35 + 0 * y
    picture = lerp_map(first, second, stripes)
    picture = picture * (1.02 - 0.012 * np.clip(np.abs(x - light.side * 1.5), 0, 4) ** 2)[..., None]
    window_x, window_y = light.side * 1.0, 2.9
    dx, dy = np.abs(x - window_x), np.abs(y - window_y)
    sky = lerp_map(light.horizon, light.zenith, np.clip((y - 1.95) / 1.9, 0, 1) + 0 * x)
    hill = _edge(y - (2.35 + 0.18 * np.sin(x * 2.2 + 1)), soft)
    sky = lerp_map(
        sky, rgb(110, 180, 100) * light.ambient * np.float32(1 - 0.55 * light.night), hill
    )
    picture = lerp_map(picture, rgb(246, 244, 240), _edge(np.maximum(dx - 1.18, dy - 1.08), soft))
    glass = _edge(np.maximum(dx - 1.05, dy - 0.95), soft)
    picture = picture + (sky - picture) * glass[..., None]
    bars = _edge(np.minimum(dx, dy) - 0.045, soft) * glass
    picture = lerp_map(picture, rgb(246, 244, 240), bars)
    frame_x = np.abs(x + light.side * 1.9)
    frame_y = np.abs(y - 3.0)
    picture = lerp_map(
        picture, rgb(196, 140, 84), _edge(np.maximum(frame_x - 0.55, frame_y - 0.45), soft)
    )
    painting = lerp_map(
        rgb(255, 214, 150), rgb(120, 180, 220), np.clip((y - 2.65) / 0.7, 0, 1) + 0 * x
    )
    inside = _edge(np.maximum(frame_x - 0.47, frame_y - 0.37), soft)
    picture = picture + (painting - picture) * inside[..., None]
    return lerp_map(picture, rgb(238, 236, 232), _edge(y - 0.22, soft) + 0 * x)


def _with_board(
    x: NDArray[np.floating],
    y: NDArray[np.floating],
    first: Colour,
    second: Colour,
    scale: float,
) -> NDArray[np.floating]:
    """A panelled wall with a wiped blackboard, chalk tray and coloured pennants."""
    soft = 1.2 / scale
    picture = lerp_map(second, first, _edge(1.15 - y, soft) + 0 * x)
    picture = lerp_map(picture, second * np.float32(0.86), _edge(np.abs(y - 1.15) - 0.05, soft))
    dx, dy = np.abs(x), np.abs(y - 2.75)
    picture = lerp_map(picture, rgb(168, 116, 70), _edge(np.maximum(dx - 2.1, dy - 1.1), soft))
    board = _edge(np.maximum(dx - 2.0, dy - 1.0), soft)
    dust = 0.06 * np.sin(x * 2.1 + 1.2 * np.sin(y * 1.7)) + 0.05 * np.sin(x * 0.9 - y * 2.3)
    slate = rgb(46, 92, 78) + dust[..., None].astype(np.float32)
    picture = picture + (slate - picture) * board[..., None]
    picture = lerp_map(
        picture, rgb(196, 150, 100), _edge(np.maximum(dx - 1.2, np.abs(y - 1.62) - 0.05), soft)
    )
    for i, colour in enumerate(((240, 110, 100), (250, 200, 90), (110, 190, 140), (100, 160, 230))):
        for side in (-1, 1):
            at = side * (2.9 + 0.62 * i)
            drop = np.abs(x - at) * 1.6 + np.abs(y - 3.9) * 1.0 - 0.0
            flag = _edge(np.maximum(drop - 0.4, y - 3.9), soft)
            picture = lerp_map(picture, rgb(*colour), flag)
    return lerp_map(picture, rgb(238, 236, 232), _edge(y - 0.18, soft) + 0 * x)


def _edge(outside: NDArray[np.floating], soft: float) -> NDArray[np.floating]:
    """1 where the signed distance is negative, 0 where positive, one soft pixel between."""
    return np.clip(0.5 - outside / soft, 0, 1)
