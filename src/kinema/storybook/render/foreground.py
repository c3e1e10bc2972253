"""What stands right before the lens, out of focus: flowers, leaves and grass at the frame's edges.

`visibility` knows where they are, so that they hide nobody.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.camera import View
from kinema.storybook.catalogue import Setting
from kinema.storybook.clock import Clock
from kinema.storybook.figures import prop
from kinema.storybook.figures.layer import premultiplied
from kinema.storybook.render.cards import tinted
from kinema.storybook.render.light import Colour, Light, rgb
from kinema.storybook.render.paint import Image, warp_over

_BLADES = 13


@dataclass(frozen=True, slots=True, eq=False)
class NearPlant:
    """A blurred flower or branch close to the lens: place across (-0.5 to 0.5), lean."""

    image: Image
    across: float
    height: float
    lean: float

    def draw(self, frame: Image, view: View, clock: Clock) -> None:
        """Lay it over the lower edge of the frame; it moves fast, since it is near."""
        warp_over(frame, self.image, self.placed(view, clock))

    def placed(self, view: View, clock: Clock) -> NDArray[np.floating]:
        """The 2x3 matrix from its picture to the frame."""
        sway = self.lean + 0.04 * clock.wave(0.3, self.across)
        size = self.height * view.unit / self.image.shape[0]
        c, s = math.cos(sway) * size, math.sin(sway) * size
        u = (
            view.width * (0.5 + self.across)
            + (1.5 * view.camera.pan - 0.23 * view.camera.x) * view.unit
        )
        matrix = np.array(
            [[c, -s, u], [s, c, view.height * 1.03 + 0.25 * view.camera.z * 0.1 * view.unit]]
        )
        matrix[:, 2] -= matrix[:, :2] @ (self.image.shape[1] / 2, self.image.shape[0])
        return matrix


def near_plants(setting: Setting, light: Light, size: tuple[int, int]) -> tuple[NearPlant, ...]:
    """Flowers or leaves at the edges of the frame, blurred by their nearness."""
    if setting.foreground is None:
        return ()
    if setting.foreground == "grass":
        return _near_grass(setting, light, size)
    if setting.foreground == "flowers":
        plants = [
            ("tulip", -0.44, 0.20, 0.0),
            ("sunflower", 0.43, 0.24, 0.0),
            ("herb", 0.30, 0.13, 0.1),
        ]
        dim = 0.92
    else:
        plants = [("herb", -0.46, 0.30, 0.3), ("herb", 0.46, 0.34, -0.3)]
        dim = 0.66
    near = []
    for sprite, across, height, lean in plants:
        pixels = height * min(size)
        image = tinted(
            prop(sprite, pixels / 2).image,
            replace(light, ambient=light.ambient * np.float32(dim)),
            0.0,
        )
        pad = max(4, image.shape[0] // 5)
        image = cv2.copyMakeBorder(image, pad, pad, pad, pad, cv2.BORDER_CONSTANT)
        image = cv2.GaussianBlur(image, (0, 0), 0.05 * image.shape[0])
        near.append(NearPlant(image, across, height * 1.4, lean))
    return tuple(near)


def _near_grass(setting: Setting, light: Light, size: tuple[int, int]) -> tuple[NearPlant, ...]:
    """Two tufts of long blades in the lower corners: reeds at the water, dry grass on sand."""
    colour = rgb(62, 104, 58) if setting.ground == "water" else rgb(142, 138, 72)
    return tuple(
        NearPlant(_tuft(colour * light.surface, round(height * min(size)), number), *place)
        for number, (height, place) in enumerate(
            ((0.26, (-0.47, 0.30, 0.14)), (0.32, (0.46, 0.36, -0.12)))
        )
    )


def _tuft(colour: Colour, side: int, number: int) -> Image:
    """Blades of grass that lean apart, blurred, on a picture ``side`` pixels wide."""
    side = max(24, side)
    rng = np.random.default_rng([number, 47])
    image = np.zeros((side, side, 4), np.uint8)
    up = np.linspace(0, 1, 9)
    for blade in range(_BLADES):
        root, tip = rng.uniform(0.3, 0.7), rng.uniform(0.08, 0.92)
        top, half = rng.uniform(0.06, 0.5), rng.uniform(0.016, 0.03)
        middle, rows = root + (tip - root) * up**1.8, 1 - (1 - top) * up
        thick = half * (1 - up**2) + 0.002
        left, right = (np.column_stack((middle + way * thick, rows)) for way in (-1, 1))
        outline = np.concatenate((left, right[::-1])) * side * 16
        tone = np.clip(colour * np.float32(0.72 + 0.04 * blade), 0, 1) * 255
        paint = (*(float(value) for value in tone), 255.0)
        cv2.fillPoly(image, [outline.astype(np.int32)], paint, cv2.LINE_AA, 4)
    pad = side // 6
    image = cv2.copyMakeBorder(image, pad, 0, pad, pad, cv2.BORDER_CONSTANT)
    return premultiplied(cv2.GaussianBlur(image, (0, 0), 0.018 * side))
