"""Measures that need no learned judge, on frames (T, H, W, 3) of bytes, or on features (N, F)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.eval.watching import Pixels

Floats = NDArray[np.floating]

MOVES: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {"pan_left": (0, 1), "truck_left": (0, 1), "pan_right": (0, -1), "truck_right": (0, -1),
     "tilt_up": (1, 1), "tilt_down": (1, -1), "push_in": (2, 1), "zoom_in": (2, 1),
     "pull_out": (2, -1), "zoom_out": (2, -1)}
)  # fmt: skip
"""Camera moves whose direction flow tells: which number of `camera_flow`, and its sign."""
_ROUNDS: Final = 6


def flows(frames: Pixels) -> Floats:
    """Optical flow from each frame to the next: (T - 1, H, W, 2), pixels, without any network.

    Cost:
        About 3 ms for a pair of 128 x 128.
    """
    grey = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames]
    found = [
        cv2.calcOpticalFlowFarneback(a, b, None, 0.5, 3, 15, 3, 5, 1.2, 0)  # pyright: ignore[reportCallIssue, reportArgumentType]
        for a, b in pairwise(grey)
    ]
    return np.stack(found) if found else np.zeros((0, *frames.shape[1:3], 2), np.float32)


def camera_flow(flow: Floats) -> tuple[float, float, float]:
    """What most of the picture does over a clip: sides to the right, sides down, and growth.

    A frame's flow is taken as a shift and a zoom; what does not fit them (who walks there) is left
    out by and by.
    """
    if not len(flow):
        return 0.0, 0.0, 0.0
    side = max(flow.shape[1:3])
    across, down, zoom = np.sum([_shift_and_zoom(one) for one in flow], axis=0)
    return float(across) / side, float(down) / side, float(zoom)


def goes_as_told(flow: Floats, move: str) -> bool:
    """Whether the picture moves the way that a camera move of `MOVES` says; chance is one half."""
    number, sign = MOVES[move]
    return camera_flow(flow)[number] * sign > 0


def _shift_and_zoom(flow: Floats) -> tuple[float, float, float]:
    """Pixels to the right and down, and growth, of the part of a frame that moves as one."""
    height, width = flow.shape[:2]
    y, x = np.mgrid[0:height:4, 0:width:4].astype(np.float64)
    x, y = (x - width / 2).ravel(), (y - height / 2).ravel()
    u, v = (
        flow[::4, ::4, 0].astype(np.float64).ravel(),
        flow[::4, ::4, 1].astype(np.float64).ravel(),
    )
    ones, zeros = np.ones_like(x), np.zeros_like(x)
    rows = np.concatenate((np.column_stack((ones, zeros, x)), np.column_stack((zeros, ones, y))))
    wanted = np.concatenate((u, v))
    weight = np.ones_like(wanted)
    fit = np.zeros(3)
    for _ in range(_ROUNDS):
        root = np.sqrt(weight)
        fit = np.linalg.lstsq(rows * root[:, None], wanted * root, rcond=None)[0]
        off = np.abs(rows @ fit - wanted)
        scale = 1.5 * np.median(off) + 1e-3
        weight = 1.0 / (1.0 + (off / scale) ** 2)
    return float(fit[0]), float(fit[1]), float(fit[2])


def motion(flow: Floats, fps: float) -> float:
    """How much moves: mean length of the flow, sides of the picture a second."""
    if not len(flow):
        return 0.0
    return float(np.linalg.norm(flow, axis=-1).mean()) * fps / max(flow.shape[1:3])


def flicker(frames: Pixels, flow: Floats) -> float:
    """What changes but does not move: mean difference of a frame from the next one laid over it.

    In shares of the full range. Pixels that the flow does not find again are left out.
    """
    if not len(flow):
        return 0.0
    height, width = frames.shape[1:3]
    grid = np.stack(np.meshgrid(np.arange(width), np.arange(height)), -1).astype(np.float32)
    total = 0.0
    for first, second, moved in zip(frames[:-1], frames[1:], flow, strict=True):
        place = grid + moved.astype(np.float32)
        laid = cv2.remap(second, place, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # pyright: ignore[reportCallIssue, reportArgumentType]
        inside = (place >= 0).all(-1) & (place[..., 0] < width) & (place[..., 1] < height)
        off = np.abs(laid.astype(np.float32) - first).mean(-1)[inside]
        # A tenth is lost behind what moves, and is not flicker.
        total += (
            float(np.sort(off)[: max(1, int(0.9 * off.size))].mean()) / 255 if off.size else 0.0
        )
    return total / len(flow)


def psnr(a: Pixels, b: Pixels) -> float:
    """Peak signal to noise ratio of two pictures or clips, dB; 99 where they are the same."""
    error = float(np.square(a.astype(np.float64) - b.astype(np.float64)).mean())
    return 99.0 if error == 0 else min(99.0, float(10 * np.log10(255**2 / error)))


def seam(frames: Pixels) -> float:
    """Of a loop: the step from its last frame to its first, over the mean step between frames."""
    steps = np.abs(np.diff(frames.astype(np.float32), axis=0)).mean((1, 2, 3))
    last = float(np.abs(frames[0].astype(np.float32) - frames[-1]).mean())
    return last / max(float(steps.mean()), 1e-6)


def frechet(a: Floats, b: Floats) -> float:
    """Frechet distance of two sets of features, each taken as a normal distribution.

    It is exact in the means alone where there are fewer clips than features: compare only
    distances of as many clips.

    Source:
        Dowson and Landau 1982, "The Frechet distance between multivariate normal distributions".
    """
    means = a.mean(0).astype(np.float64), b.mean(0).astype(np.float64)
    spreads = [_spread(x.astype(np.float64)) for x in (a, b)]
    root = _root(spreads[0])
    both = _root(root @ spreads[1] @ root)
    off = means[0] - means[1]
    return float(
        max(0.0, off @ off + np.trace(spreads[0]) + np.trace(spreads[1]) - 2 * np.trace(both))
    )


def _spread(rows: Floats) -> Floats:
    """Covariance of features; none of a single clip."""
    off = rows - rows.mean(0)
    return off.T @ off / max(len(rows) - 1, 1)


def _root(matrix: Floats) -> Floats:
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T


def nearest(a: Floats, others: Floats) -> Floats:
    """For each row of ``a`` the distance to the nearest of ``others``: (N,)."""
    squares = (a**2).sum(1)[:, None] + (others**2).sum(1)[None] - 2 * a @ others.T
    return np.sqrt(np.clip(squares, 0, None).min(1))
