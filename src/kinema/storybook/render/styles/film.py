"""Styles of the camera and the screen: black and white, vintage, tilt shift, neon, live action."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.storybook.clock import Clock
from kinema.storybook.render.paint import Image
from kinema.storybook.render.styles.working import (
    bloom,
    curve,
    enlarged,
    film_grain,
    multiplied,
    reduced,
    saturated,
    tick_of,
    unit_of,
    vignette,
)

FILM_RATE = 18.0
"""Pictures a second of old film: its grain, flicker and dust change so often."""


_SILVER = curve(lambda v: 0.02 + 0.98 * (0.45 * v + 0.51 * (v * v * (3 - 2 * v))))


def black_and_white(frame: Image, clock: Clock) -> Image:
    """Silver film through an orange filter: deep skies, glowing lights, fine grain, dust."""
    tick = tick_of(clock, FILM_RATE)
    grey = cv2.transform(frame, np.array([[0.46, 0.46, 0.10]], np.float32))
    grey = cv2.LUT(cv2.GaussianBlur(grey, (0, 0), 0.0012 * unit_of(frame) + 0.3), _SILVER)
    grey = cv2.multiply(grey, vignette(grey.shape, 0.40, 1.3), scale=1 / 255)
    small = reduced(grey, 120)
    glow = cv2.GaussianBlur(cv2.subtract(small, 175), (0, 0), 0.035 * unit_of(small))
    grey = cv2.add(grey, enlarged(cv2.multiply(glow, 0.6), grey))
    flicker = float(np.random.default_rng([tick, 5]).normal(1.0, 0.012))
    grey = film_grain(cv2.multiply(grey, flicker), tick, 0.022)
    _dust(grey, tick, 205, unit_of(frame))
    return cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB)


_FADED = np.array([[0.90, 0.12, 0.02], [0.10, 0.80, 0.06], [0.10, 0.18, 0.56]], np.float32)
_VINTAGE = np.dstack(
    [
        curve(lambda v, low=low, top=top, bend=bend: low + (top - low) * v**bend)
        for low, top, bend in ((0.11, 1.03, 0.80), (0.085, 0.985, 0.86), (0.115, 0.84, 0.88))
    ]
).reshape(1, 256, 3)


def vintage(frame: Image, clock: Clock) -> Image:
    """Home cine film of the sixties: faded warm colours, leaking light, dust, a breathing gate."""
    tick = tick_of(clock, FILM_RATE)
    unit = unit_of(frame)
    rng = np.random.default_rng([tick, 6])
    weave = rng.normal(0, 0.0009, 2) * unit
    zoom = 1.012
    rows, columns = frame.shape[:2]
    gate = np.array(
        [
            [zoom, 0, (1 - zoom) * columns / 2 + weave[0]],
            [0, zoom, (1 - zoom) * rows / 2 + weave[1]],
        ]
    )
    moved = cv2.warpAffine(
        frame, gate, (columns, rows), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    faded = cv2.LUT(cv2.transform(moved, _FADED), _VINTAGE)
    faded = multiplied(faded, vignette((rows, columns), 0.52, 1.35))
    faded = bloom(faded, 205, 0.03, 0.5)
    strength = 0.55 + 0.45 * clock.wave(0.11)
    leak = enlarged(cv2.multiply(_leak(), (strength,) * 3 + (0.0,)), faded)
    faded = film_grain(cv2.add(faded, leak), tick, 0.016)
    _dust(faded, tick, 236, unit)
    return faded


@lru_cache(maxsize=1)
def _leak() -> Image:
    """Orange light that gets into the camera at the right edge, (48, 64, 3) bytes."""
    y, x = np.mgrid[0:48, 0:64].astype(np.float32) / np.float32(48)
    glow = np.exp(-(((x - 1.36) / 0.16) ** 2) - ((y - 0.3) / 0.5) ** 2)
    return (glow[..., None] * np.array((92, 44, 12), np.float32)).astype(np.uint8)


def _dust(picture: Image, tick: int, bright: int, unit: int) -> None:
    """A speck or hair in one picture of three, a scratch in a few: gone in the next one."""
    rng = np.random.default_rng([tick, 7])
    rows, columns = picture.shape[:2]
    if rng.random() < 0.34:
        x, y = rng.random(2) * (columns, rows)
        bend = rng.normal(0, 0.012, (4, 2)).cumsum(0) * unit
        points = (np.array((x, y)) + bend) * 16
        colour = (bright,) * 3 if rng.random() < 0.5 else (24,) * 3
        cv2.polylines(
            picture, [points.astype(np.int32)], False, colour, max(1, round(unit / 360)),
            cv2.LINE_AA, 4,
        )  # fmt: skip
    if rng.random() < 0.05:
        x = int(rng.random() * columns)
        line = picture[:, x : x + max(1, round(unit / 500))]
        line[...] = cv2.add(line, np.full_like(line, 34))


def tilt_shift(frame: Image, focus: tuple[float, float]) -> Image:
    """A miniature: sharp where the lead stands, blurred above and below, colours of toys."""
    vivid = cv2.LUT(saturated(frame, 1.38), _TOY)
    small = reduced(vivid, 256)
    soft = cv2.GaussianBlur(small, (0, 0), 0.010 * unit_of(small))
    softer = cv2.GaussianBlur(small, (0, 0), 0.026 * unit_of(small))
    near, far = _blur_maps(frame.shape[:2], focus)
    mixed = _mixed(vivid, enlarged(soft, frame), near)
    return _mixed(mixed, enlarged(softer, frame), far)


_TOY = curve(lambda v: 0.55 * v + 0.43 * (v * v * (3 - 2 * v)))


def _blur_maps(shape: tuple[int, int], focus: tuple[float, float]) -> tuple[Image, Image]:
    """How much of the soft and the softest picture each pixel takes, three channels of bytes."""
    top, bottom = focus
    y = (np.arange(shape[0], dtype=np.float32) + 0.5) / shape[0]
    away = np.maximum(np.maximum(top - y, y - bottom), 0.0)

    def whole(share: NDArray[np.floating]) -> Image:
        column = (np.clip(share, 0, 1) * 255).astype(np.uint8)[:, None, None]
        return np.ascontiguousarray(np.broadcast_to(column, (*shape, 3)))

    return whole(away / 0.07), whole((away - 0.05) / 0.16)


def _mixed(a: Image, b: Image, weight: Image) -> Image:
    kept = cv2.multiply(a, 255 - weight, scale=1 / 255)
    return cv2.add(kept, cv2.multiply(b, weight, scale=1 / 255))


_DARK = curve(lambda v: v**1.7)


def neon(frame: Image) -> Image:
    """Night club: dark violet surfaces, outlines that glow in the surfaces' own clear colours."""
    small = reduced(frame, 360)
    unit = unit_of(frame)
    base = cv2.transform(
        cv2.LUT(small, _DARK),
        np.array([[0.30, 0.02, 0.10], [0.02, 0.22, 0.08], [0.10, 0.10, 0.48]], np.float32),
    )
    base = cv2.add(base, (8, 4, 22, 0))
    # Outlines: how much colour changes over the width of a tube.
    width = max(3, round(0.0052 * unit)) | 1
    calm = cv2.GaussianBlur(frame, (0, 0), 0.0022 * unit + 0.4)
    change = cv2.morphologyEx(calm, cv2.MORPH_GRADIENT, np.ones((width, width), np.uint8))
    most = cv2.max(cv2.max(change[..., 0], change[..., 1]), change[..., 2])
    tube = cv2.LUT(cv2.GaussianBlur(most, (0, 0), 0.0016 * unit + 0.3), _TUBE)
    hue = _clear_colours(small)
    weight = cv2.cvtColor(tube, cv2.COLOR_GRAY2RGB)
    lit = cv2.multiply(enlarged(hue, frame), weight, scale=1 / 255)
    core = cv2.cvtColor(cv2.LUT(tube, _CORE), cv2.COLOR_GRAY2RGB)
    halo_small = reduced(lit, 120)
    halo = cv2.GaussianBlur(halo_small, (0, 0), 0.014 * unit_of(halo_small))
    halo = cv2.add(
        halo, cv2.multiply(cv2.GaussianBlur(halo_small, (0, 0), 0.05 * unit_of(halo_small)), 0.8)
    )
    picture = cv2.add(enlarged(base, frame), enlarged(halo, frame))
    return cv2.add(cv2.add(picture, lit), core)


_TUBE = curve(lambda v: np.clip((v - 0.075) / 0.30, 0, 1) ** 1.2)
_CORE = curve(lambda v: 0.55 * np.clip((v - 0.55) / 0.45, 0, 1))


def _clear_colours(small: Image) -> Image:
    """Each surface's hue at full strength; what is grey becomes cyan."""
    hsv = cv2.cvtColor(cv2.blur(small, (5, 5)), cv2.COLOR_RGB2HSV)
    grey = cv2.LUT(np.ascontiguousarray(hsv[..., 1]), _GREYNESS)
    hsv[..., 1] = 225
    hsv[..., 2] = 255
    clear = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)
    weight = cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB)
    return _mixed(clear, np.full_like(clear, (90, 225, 255)), weight)


_GREYNESS = curve(lambda v: 1 - np.clip((v - 0.06) / 0.14, 0, 1))


def live_action(frame: Image, clock: Clock) -> Image:
    """A photograph's finish: light that blooms, a darker rim, fine grain."""
    picture = bloom(frame, 205, 0.03, 0.55)
    picture = multiplied(picture, vignette(picture.shape[:2], 0.16, 1.2))
    return film_grain(picture, tick_of(clock, 24.0), 0.007)
