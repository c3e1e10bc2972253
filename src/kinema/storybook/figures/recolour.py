"""Recolouring: what has a picture's dominant colour gets another; eyes and tyres keep theirs.

Worked in CIE Lab (lightness 0 to 100, chroma and hue from a and b). The lightness of the dominant
colour is carried to that of the wanted colour by a monotone curve that keeps black black and white
white, so shading survives; hue is set, with a little of the art's own variation left in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (226, 42, 52),
    "orange": (250, 134, 36),
    "yellow": (253, 208, 48),
    "gold": (232, 178, 52),
    "brown": (140, 88, 58),
    "green": (62, 178, 84),
    "teal": (30, 176, 172),
    "turquoise": (52, 200, 200),
    "blue": (52, 116, 232),
    "purple": (142, 84, 214),
    "violet": (142, 84, 214),
    "pink": (252, 128, 182),
    "white": (240, 240, 246),
    "black": (56, 54, 66),
    "grey": (148, 150, 160),
    "silver": (190, 196, 208),
}

_COLOURFUL = 18.0  # chroma from which a pixel has a hue worth the name
_REACH = 58.0  # degrees of hue around the dominant one that are recoloured in full
_SHADE = np.deg2rad(-62.0)  # hue of the lilac that white and grey art is shaded with


@dataclass(frozen=True, slots=True)
class Recolour:
    """A recolouring fitted to one picture: from a dominant colour to a wanted one.

    Colours are (lightness, chroma, hue in radians). ``neutral`` is True where the art has no
    dominant hue (a grey elephant, a white rabbit) and its bright greys are coloured instead.
    """

    dominant: tuple[float, float, float]
    wanted: tuple[float, float, float]
    neutral: bool

    @classmethod
    def fit(cls, image: NDArray[np.uint8], colour: str) -> Recolour:
        """Find the dominant colour of a premultiplied RGBA picture (H, W, 4).

        Raises:
            KeyError: ``colour`` is not one of ``COLOURS``.
        """
        lab_NC = _lab(image)[image[..., 3] > 200]
        lightness, chroma = lab_NC[:, 0], np.hypot(lab_NC[:, 1], lab_NC[:, 2])
        hue = np.arctan2(lab_NC[:, 2], lab_NC[:, 1])
        vivid = chroma > _COLOURFUL
        wanted = _polar(COLOURS[colour])
        plain = ~vivid & (lightness > 40)
        # The fullest window of hues, by chroma, on a circle of 72 five-degree bins.
        bins = ((hue[vivid] / (2 * np.pi) * 72).astype(int)) % 72
        filled = np.bincount(bins, chroma[vivid], minlength=72)
        window = sum(np.roll(filled, shift) for shift in range(-4, 5))
        centre = (float(np.argmax(window)) + 0.5) / 72 * 2 * np.pi
        near = vivid & (np.abs(_turned(hue - centre)) < np.deg2rad(25))
        if near.sum() < max(1, 0.8 * plain.sum()):
            middle = float(np.median(lightness[plain])) if plain.any() else 60.0
            return cls(dominant=(middle, 0.0, 0.0), wanted=wanted, neutral=True)
        mean_hue = centre + float(np.average(_turned(hue[near] - centre), weights=chroma[near]))
        return cls(
            dominant=(float(np.median(lightness[near])), float(np.median(chroma[near])), mean_hue),
            wanted=wanted,
            neutral=False,
        )

    def apply(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Recolour a premultiplied RGBA picture (H, W, 4); alpha is kept. About 30 ns a pixel."""
        lab_HWC = _lab(image)
        lightness, a, b = cv2.split(lab_HWC)
        chroma, hue = cv2.cartToPolar(a, b)
        level, strength, angle = self.dominant
        level_to, strength_to, angle_to = self.wanted
        away = np.abs(_turned(hue - angle))
        if self.neutral:
            shade = 20 * _step(np.abs(_turned(hue - _SHADE)), np.deg2rad(60), np.deg2rad(25))
            share = _step(chroma - shade, 32.0, 17.0) * _step(lightness, 22.0, 42.0)
            new_chroma = np.full_like(chroma, strength_to)
            new_hue = np.full_like(hue, angle_to)
        else:
            reach = np.deg2rad(_REACH)
            share = _step(away, 1.5 * reach, reach) * _step(chroma, 5.0, _COLOURFUL)
            new_chroma = np.minimum(chroma / strength, 1.5) * strength_to
            new_hue = angle_to + 0.15 * np.clip(_turned(hue - angle), -reach, reach)
        new_lightness = _carried(lightness, level, level_to)
        # Deep shade and glare have little room for colour.
        new_chroma = new_chroma * _step(new_lightness, 0.0, min(30.0, level_to))
        new_a, new_b = cv2.polarToCart(new_chroma.astype(np.float32), new_hue.astype(np.float32))
        target = cv2.merge([new_lightness.astype(np.float32), new_a, new_b])
        mixed = lab_HWC + share[..., None] * (target - lab_HWC)
        rgb = np.clip(cv2.cvtColor(mixed.astype(np.float32), cv2.COLOR_Lab2RGB), 0, 1)
        alpha = image[..., 3:]
        out = np.empty_like(image)
        out[..., :3] = rgb * alpha + 0.5
        out[..., 3:] = alpha
        return out


def _lab(image: NDArray[np.uint8]) -> NDArray[np.floating[Any]]:
    alpha = np.maximum(image[..., 3:], 1).astype(np.float32)
    return cv2.cvtColor(np.minimum(image[..., :3] / alpha, 1), cv2.COLOR_RGB2Lab)


def _polar(rgb: tuple[int, int, int]) -> tuple[float, float, float]:
    lab = cv2.cvtColor(np.array([[rgb]], np.float32) / 255, cv2.COLOR_RGB2Lab)[0, 0]
    return float(lab[0]), float(np.hypot(lab[1], lab[2])), float(np.arctan2(lab[2], lab[1]))


def _turned(angle: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """Angles brought into -pi to pi."""
    return (angle + np.pi) % (2 * np.pi) - np.pi


def _step(value: NDArray[np.floating[Any]], none: float, full: float) -> NDArray[np.floating[Any]]:
    """A smooth step from 0 at ``none`` to 1 at ``full``, in either direction."""
    share = np.clip((value - none) / (full - none), 0, 1)
    return share * share * (3 - 2 * share)


def _carried(
    lightness: NDArray[np.floating[Any]], level: float, to: float
) -> NDArray[np.floating[Any]]:
    """Carry ``level`` to ``to``: in proportion below it, towards white above, at most 1.15 fold."""
    slope = min((100 - to) / max(100 - level, 1.0), 1.15)
    return np.where(lightness < level, lightness * (to / level), to + (lightness - level) * slope)
