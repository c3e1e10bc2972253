"""Light of the night: windows that glow, street lamps, and the pools of light on the ground.

Everything is painted into the scenery's pictures once: colour without coverage shines on whatever
is behind it, since premultiplied layers add. By day the same panes are as the art has them.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.camera import View
from kinema.storybook.figures import Cutout, prop
from kinema.storybook.render.ground import Texture, plane_of
from kinema.storybook.render.light import Light, rgb
from kinema.storybook.render.paint import Image, brighten
from kinema.storybook.render.scenery import PERIOD, Standing

LAMP = "street-lamp"
"""Name of the one piece of scenery that is no concept of the atlas."""
LAMP_HEIGHT = 3.1
"""Metres."""
DARK = 0.25
"""Night (of `Light.night`) from which lights are on."""
WARM = (255, 200, 112)

_GLASS = ((88, 60, 120), (110, 255, 255))
"""Hue, saturation and value (OpenCV's bytes) between which a building's pixels are window panes."""
_PANES = {
    "house": _GLASS, "house-with-garden": _GLASS, "office-building": _GLASS,
    "department-store": _GLASS, "factory": _GLASS, "hut": _GLASS,
    "castle": ((122, 110, 60), (140, 255, 255)),
    "couch-and-lamp": ((10, 120, 160), (26, 255, 255)),
}  # fmt: skip
_POOLS = {"house": 1.5, "house-with-garden": 1.5, "department-store": 2.0, "office-building": 1.6,
          "hut": 1.3, LAMP: 1.7}  # fmt: skip
"""Metres that the light of each reaches on the ground."""
_ROWS = {"city_street": (9.2, 8.0), "village": (8.9, 13.3), "park": (9.0, 10.0)}
"""Depth in metres at which lamps stand in a row, and metres between them."""


def lamp_posts(setting: str) -> tuple[Standing, ...]:
    """The street lamps of a setting."""
    if setting not in _ROWS:
        return ()
    z, step = _ROWS[setting]
    count = round(PERIOD / step)
    return tuple(
        Standing(LAMP, (i + 0.38) * step - PERIOD / 2, z, 0.0, LAMP_HEIGHT, False, 0.0, sways=False)
        for i in range(count)
    )


@lru_cache(maxsize=4)
def lamp_post(pixels: int) -> Cutout:
    """A toy street lamp: post, foot and globe, about ``pixels`` high."""
    tall = max(24, pixels)
    fine = 4
    rows, columns = tall * fine, round(tall * 0.22) * fine
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    up = (rows - y) / rows
    across = (x - columns / 2 + 0.5) / rows
    collar = 0.006 * np.exp(-(((up - 0.86) / 0.02) ** 2))
    width = 0.011 + 0.010 * np.exp(-((up / 0.05) ** 2)) + collar
    foot = (np.abs(across) < 0.042) & (up < 0.035)
    post = (np.abs(across) < width) & (up < 0.88)
    globe = np.hypot(across, up - 0.925) < 0.066
    cap = (np.hypot(across, up - 0.925) < 0.072) & (up > 0.968)
    light = np.clip(0.62 - across / 0.05, 0.25, 1.1)
    colour = rgb(70, 84, 104) * light[..., None]
    lit = np.clip(1.05 - np.hypot(across + 0.018, up - 0.94) / 0.2, 0.72, 1.0)[..., None]
    colour = np.where(globe[..., None], rgb(250, 244, 226) * lit, colour)
    colour = np.where(cap[..., None], rgb(58, 70, 90) * light[..., None], colour)
    cover = (foot | post | globe | cap).astype(np.float32)[..., None]
    layer = np.dstack((np.clip(colour, 0, 1) * cover, cover)).astype(np.float32)
    small = cv2.resize(layer, (columns // fine, tall), interpolation=cv2.INTER_AREA)
    image = (small * 255 + 0.5).astype(np.uint8)
    return Cutout(image, (image.shape[1] / 2, float(tall)), float(tall), ("prop", LAMP, tall))


def shining(standing: Standing, cutout: Cutout, lit: Image, light: Light) -> Cutout:
    """The lit picture of a piece of scenery with its lamps on, if it has any and it is dark.

    Args:
        standing: What stands where; its place decides which panes are lit.
        cutout: Its picture by plain light.
        lit: The same picture in the scene's light, of the same size.
        light: The scene's light.

    Returns:
        A cut-out with a margin that holds the glow.
    """
    share = min(1.0, (light.night - DARK) / 0.2 + 0.35)
    panes = _panes(standing, cutout.image) if light.night >= DARK else None
    if panes is None:
        return replace(cutout, image=lit)
    height = lit.shape[0]
    reach = max(2, round(0.05 * height))
    pad = 2 * reach
    image = cv2.copyMakeBorder(lit, pad, pad, pad, pad, cv2.BORDER_CONSTANT)
    on = cv2.copyMakeBorder(panes, pad, pad, pad, pad, cv2.BORDER_CONSTANT)
    # Panes keep a little of their own shading.
    shade = cv2.copyMakeBorder(
        cv2.cvtColor(np.ascontiguousarray(cutout.image[..., :3]), cv2.COLOR_RGB2GRAY),
        pad, pad, pad, pad, cv2.BORDER_CONSTANT,
    )  # fmt: skip
    bright = np.clip(0.62 + 0.5 * shade.astype(np.float32) / 255, 0, 1)[..., None]
    warm = np.array(WARM, np.float32) * bright
    weight = (on.astype(np.float32) / 255 * share)[..., None]
    colour = image[..., :3].astype(np.float32)
    colour += (warm * (image[..., 3:] / np.float32(255)) - colour) * weight
    near = cv2.GaussianBlur(on, (0, 0), reach * 0.28).astype(np.float32)
    far = cv2.GaussianBlur(on, (0, 0), reach * 0.8).astype(np.float32)
    strength = 2.4 if standing.sprite == LAMP else 1.0
    glow = (0.22 * near + 0.55 * far)[..., None] / 255 * np.float32(share * strength)
    amber = np.array(WARM, np.float32) * np.array((0.95, 0.68, 0.36), np.float32)
    colour += glow * (1 - 0.9 * weight) * amber
    image = np.dstack((np.clip(colour, 0, 255).astype(np.uint8), image[..., 3]))
    anchor = (cutout.anchor[0] + pad, cutout.anchor[1] + pad)
    return replace(cutout, image=image, anchor=anchor)


def _panes(standing: Standing, image: Image) -> Image | None:
    """Which pixels of the picture are lit glass, 255, with soft edges; None without any."""
    if standing.sprite == LAMP:
        found = cv2.inRange(np.ascontiguousarray(image[..., :3]), (140, 134, 120), (255, 255, 255))
    elif standing.sprite in _PANES:
        # Found in the art itself, so that the same windows are lit at every size.
        found = _at_home(standing.sprite, int(standing.phase * 4))
        size = (image.shape[1], image.shape[0])
        smaller = size[0] < found.shape[1]
        found = cv2.resize(
            found, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
        )
    else:
        return None
    return cv2.GaussianBlur(found, (0, 0), 0.6) if found.any() else None


@lru_cache(maxsize=32)
def _at_home(sprite: str, house: int) -> Image:
    """Panes of a building at the art's size: all of a few, two thirds of many; four patterns."""
    low, high = _PANES[sprite]
    colour = np.ascontiguousarray(prop(sprite, 256).image[..., :3])
    found = cv2.inRange(cv2.cvtColor(colour, cv2.COLOR_RGB2HSV), low, high)
    found = cv2.morphologyEx(found, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels = cv2.connectedComponents(found)
    if count <= 6:
        return found
    dice = np.random.default_rng([house, 41]).random(count)
    return np.where((dice < 0.68) & (np.arange(count) > 0), 255, 0).astype(np.uint8)[labels]


def bake_pools(
    scenery: tuple[Standing, ...], light: Light, size: tuple[int, int]
) -> Texture | None:
    """Light on the ground before windows and under lamps, one period wide; None without any."""
    if light.night < DARK or light.indoor:
        return None
    lamps = [s for s in scenery if s.sprite in _POOLS and not s.sky]
    if not lamps:
        return None
    scale = float(np.clip(min(size) / 60, 4, 10))
    near, far = 3.0, 22.0
    x = (np.arange(round(PERIOD * scale), dtype=np.float32) + 0.5) / scale - PERIOD / 2
    z = ((np.arange(round((far - near) * scale), dtype=np.float32) + 0.5) / scale + near)[:, None]
    pools: NDArray[np.floating] = np.zeros((z.size, x.size), np.float32)
    for lamp in lamps:
        reach = _POOLS[lamp.sprite]
        across = (x - lamp.x + PERIOD / 2) % PERIOD - PERIOD / 2
        along = z - lamp.z + (0.0 if lamp.sprite == LAMP else 0.6 * reach)
        strength = 0.58 if lamp.sprite == LAMP else 0.34
        pools += strength * np.exp(-((across / reach) ** 2) - (along / (0.9 * reach)) ** 2)
    share = min(1.0, (light.night - DARK) / 0.2 + 0.3)
    samples = (np.clip(pools * share, 0, 0.7) * 255).astype(np.uint8)
    repeated = np.tile(samples, (1, 3))
    return Texture(repeated, -1.5 * PERIOD, near, scale, scale, PERIOD, outside=0)


def draw_pools(frame: Image, view: View, pools: Texture) -> None:
    """Brighten the ground by the pools of light, at half the frame's resolution: they are soft."""
    reach = view.focal * view.camera.y
    first = max(0, math.ceil(view.horizon + reach / (22.0 - view.camera.z)))
    last = min(view.height, math.ceil(view.horizon + reach / max(3.0 - view.camera.z, 0.5)))
    if last - first < 4:
        return
    halved = plane_of(view) @ np.diag((2.0, 2.0, 1.0))
    rows, columns = -(-(last - first) // 2), -(-view.width // 2)
    shifted = halved @ np.array([[1.0, 0, 0], [0, 1.0, first / 2], [0, 0, 1]])
    glow = pools.seen(shifted, (0, rows), columns)
    part = frame[first:last]
    glow = cv2.resize(glow, (view.width, last - first), interpolation=cv2.INTER_LINEAR)
    # Lit ground keeps its own texture: it is multiplied, and only a little light is added.
    gain = cv2.multiply(cv2.cvtColor(glow, cv2.COLOR_GRAY2RGB), (1.0, 0.82, 0.50, 0.0))
    part[...] = cv2.add(part, cv2.multiply(part, gain, scale=1.9 / 255))
    brighten(part, cv2.multiply(glow, 0.16), rgb(*WARM))
