"""What only water does: it mirrors figures and the far shore, and laps at a beach."""

from __future__ import annotations

import math

import cv2
import numpy as np

from kinema.storybook.camera import View
from kinema.storybook.clock import Clock
from kinema.storybook.render.light import Light, rgb
from kinema.storybook.render.paint import Image, over

SHORE = 15.2
"""Depth in metres at which the sand of a beach meets the sea."""


def mirror_shore(frame: Image, view: View, clock: Clock) -> None:
    """Mirror sky and far shore, blurred and broken by ripples, less towards the viewer."""
    first = max(1, math.ceil(view.horizon + 0.4))
    rows = view.height - first
    above = min(first, rows)
    if above < 4 or rows < 4:
        return
    # A small picture is enough: ripples blur the mirror anyway.
    small = (max(8, view.width // 4), max(4, above // 4))
    mirrored = cv2.resize(frame[first - above : first][::-1], small, interpolation=cv2.INTER_AREA)
    mirrored = cv2.blur(mirrored, (3, 5))
    depth = (
        view.focal
        * view.camera.y
        / (np.arange(small[1]) * above / small[1] + first + 2 - view.horizon)
    )
    sway = 0.9 * np.sin(depth * 5.1 + math.tau * clock.turns(0.5)) + 0.6 * np.sin(
        depth * 11.0 - math.tau * clock.turns(0.8)
    )
    columns = np.arange(small[0], dtype=np.float32)[None] + sway[:, None].astype(np.float32)
    lines = np.repeat(np.arange(small[1], dtype=np.float32)[:, None], small[0], 1)
    mirrored = cv2.remap(
        mirrored, columns, lines, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    mirrored = cv2.resize(mirrored, (view.width, above), interpolation=cv2.INTER_LINEAR)
    share = 0.62 * np.exp(-np.arange(above, dtype=np.float32) / (above * 0.45))
    weight = np.repeat(
        np.repeat((share * 255).astype(np.uint8)[:, None, None], view.width, 1), 3, 2
    )
    target = frame[first : first + above]
    kept = cv2.multiply(target, 255 - weight, scale=1 / 255)
    target[...] = cv2.add(kept, cv2.multiply(mirrored, weight, scale=1 / 255))


def mirror_card(
    frame: Image, layer: Image, matrix: np.ndarray, view: View, clock: Clock, strength: float
) -> None:
    """Lay the mirrored figure over the water, broken into ripples row by row."""
    corners = np.array(
        [[0, 0], [layer.shape[1], 0], [0, layer.shape[0]], [layer.shape[1], layer.shape[0]]]
    )
    onto = corners @ matrix[:, :2].T + matrix[:, 2]
    pad = max(2, round(0.02 * view.unit))
    x0, y0 = (
        max(0, int(onto[:, 0].min()) - pad),
        max(math.ceil(view.horizon) + 1, int(onto[:, 1].min())),
    )
    x1, y1 = (
        min(view.width, int(onto[:, 0].max()) + pad),
        min(view.height, int(onto[:, 1].max()) + 2),
    )
    if x1 - x0 < 2 or y1 - y0 < 2:
        return
    moved = matrix.copy()
    moved[:, 2] -= (x0, y0)
    warped = cv2.warpAffine(layer, moved, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR)
    rows = np.arange(y0, y1)
    depth = view.focal * view.camera.y / (rows + 0.5 - view.horizon)
    reach = 0.012 * view.unit * np.clip(8 / depth, 0.3, 1.3)
    ripple = reach * np.sin(depth * 9.0 - math.tau * clock.turns(0.9)) * np.sin(depth * 3.1 + 1.0)
    columns = np.arange(x1 - x0, dtype=np.float32)[None] + ripple[:, None].astype(np.float32)
    lines = np.repeat((rows - y0).astype(np.float32)[:, None], x1 - x0, 1)
    broken = cv2.remap(warped, columns, lines, cv2.INTER_LINEAR)
    over(frame[y0:y1, x0:x1], cv2.multiply(broken, (strength,) * 4))


def draw_shoreline(frame: Image, view: View, clock: Clock, light: Light) -> None:
    """The sea behind a beach: water from the horizon to a lapping edge with foam and wet sand."""
    first = max(0, math.ceil(view.horizon + 0.4))
    last = min(
        view.height,
        math.ceil(view.horizon + view.focal * view.camera.y / (SHORE - 4.5 - view.camera.z)),
    )
    if last - first < 2:
        return
    rows = np.arange(first, last, dtype=np.float32)[:, None] + 0.5 - np.float32(view.horizon)
    away = np.float32(view.focal * view.camera.y) / rows
    z = away + np.float32(view.camera.z)
    x = (
        view.camera.x
        + (np.arange(view.width, dtype=np.float32)[None] - view.centre) * away / view.focal
    )
    edge = SHORE + 0.5 * np.sin(x * 0.5 + 1) + 0.2 * np.sin(x * 1.7) + 0.4 * clock.wave(0.2)
    beyond = (z - edge).astype(np.float32)
    day = np.float32(1 - 0.45 * light.darkness)
    ripples = np.sin(
        z * 7 + 0.7 * np.sin(x * 1.3 + math.tau * clock.turns(0.3)) + math.tau * clock.turns(0.6)
    )
    deep = np.clip(beyond / 24, 0, 1)[..., None]
    sea = rgb(40, 124, 204) * deep + rgb(116, 218, 218) * (1 - deep)
    sea = (sea + (ripples * 0.025 * np.clip(14 / away, 0.2, 1))[..., None]) * light.ambient * day
    sea = sea + (light.haze - sea) * (0.55 * np.clip((away - 30) / 120, 0, 1))[..., None]
    below = frame[first:last].astype(np.float32) / 255
    wet = np.clip((beyond + 2.4) / 1.9, 0, 1)[..., None]
    picture = below * (1 - 0.2 * wet)
    # One row blurs the edge as far as perspective does.
    soft = np.maximum(away * away / (view.focal * view.camera.y), 0.15)
    picture += (sea - picture) * np.clip(beyond / soft + 0.5, 0, 1)[..., None]
    foam = np.exp(-((beyond / np.maximum(0.32, soft)) ** 2)) * 0.9
    picture += (rgb(255, 255, 255) * light.ambient * day - picture) * foam[..., None]
    frame[first:last] = (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
