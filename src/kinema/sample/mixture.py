"""Several prompts in one clip: by time (a storyboard), by place (regions), or by both.

The model is asked with each prompt, and its velocities are mixed with weights that add up to 1 in
every cell of the latent.

Shape legend for this file:
    K = prompts, T = latent frames, H, W = latent rows and columns. Weights are NumPy arrays
    (K, T or 1, H or 1, W or 1), float32, at least 0, adding up to 1 over K.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from kinema.sample.arrays import Array, float32, like, zeros
from kinema.sample.windows import FrameVelocity


@dataclass(frozen=True)
class Box:
    """A rectangle as shares of the picture: 0 is the left or upper edge, 1 the right or lower."""

    left: float
    top: float
    right: float
    bottom: float


def mixed(velocities: Sequence[FrameVelocity], weights_KTHW: NDArray[np.float32]) -> FrameVelocity:
    """Mix the velocities of several prompts, cell by cell.

    Args:
        velocities: One a prompt; each is asked about all frames it is given.
        weights_KTHW: As `segment_weights` and `region_weights` make them.

    Returns:
        A velocity that can stand in `windows.windowed`.

    Raises:
        ValueError: There is not one set of weights a velocity, or they do not add up to 1.

    Cost:
        One call for each prompt that has any weight in the frames asked for.

    Source:
        Bar-Tal et al. 2023, "MultiDiffusion", arXiv:2302.08113, equation 5.
    """
    if len(velocities) != len(weights_KTHW):
        raise ValueError(f"{len(velocities)} velocities, but {len(weights_KTHW)} sets of weights")
    if weights_KTHW.min() < 0.0 or not np.allclose(weights_KTHW.sum(0), 1.0, atol=1e-5):
        raise ValueError("weights must be at least 0 and add up to 1 in every cell")

    def mix(latent: Array, sigma: float, frames: range | None = None) -> Array:
        frames = range(latent.shape[2]) if frames is None else frames
        chosen_KTHW = weights_KTHW[:, np.arange(frames.start, frames.stop) % weights_KTHW.shape[1]]
        result = zeros(latent.shape, latent)
        for velocity, weights_THW in zip(velocities, chosen_KTHW, strict=True):
            if weights_THW.any():
                part = float32(velocity(latent, sigma, frames))
                result = result + part * like(weights_THW, part)
        return result

    return mix


def segment_weights(lengths: Sequence[int], ramp: int | Sequence[int] = 0) -> NDArray[np.float32]:
    """Weights of a storyboard: each card has its stretch of time, cross-faded with the next.

    Args:
        lengths: Latent frames of each card, each at least 1.
        ramp: Latent frames that a cross-fade takes, half before the cut and half after; 0 cuts
            hard. 1 or 2 are usual. One number for all, or one a cut.

    Returns:
        (K, T, 1, 1) with T the sum of ``lengths``. Half-way through a cross-fade both cards weigh
        one half.

    Raises:
        ValueError: A card is empty, or the ramp is longer than the shortest card.
    """
    ramps = [ramp] * (len(lengths) - 1) if isinstance(ramp, int) else ramp
    least = min(lengths, default=0)
    if least < 1 or not all(0 <= one <= least for one in ramps):
        raise ValueError(f"ramp must be 0 to the shortest card of {list(lengths)}, got {ramp}")
    cuts = list(accumulate(lengths))
    middle_T = np.arange(cuts[-1]) + 0.5
    rises = [np.ones(cuts[-1])]
    for cut, one in zip(cuts[:-1], ramps, strict=True):
        past = middle_T - cut
        rises.append((past / one + 0.5).clip(0.0, 1.0) if one else (past > 0.0).astype(float))
    rises.append(np.zeros(cuts[-1]))
    # Each card has begun and the next has not: the differences add up to 1 by telescoping.
    return -np.diff(np.array(rises), axis=0)[:, :, None, None].astype(np.float32)


def region_weights(
    masks_KTHW: NDArray[np.float32], background: float = 0.25
) -> NDArray[np.float32]:
    """Weights of regional prompts over a background prompt that has a say everywhere.

    Args:
        masks_KTHW: Where each region is, in [0, 1]; T may be 1. Where regions overlap by more than
            1 together, they share.
        background: Share of the background prompt inside the regions, in [0, 1].

    Returns:
        (K + 1, T, H, W); the first set is the background's.

    Raises:
        ValueError: A mask or ``background`` leaves [0, 1].
    """
    if not (0.0 <= background <= 1.0 and masks_KTHW.min() >= 0.0 and masks_KTHW.max() <= 1.0):
        raise ValueError(f"masks and background must be in [0, 1], background is {background}")
    crowd = np.maximum(masks_KTHW.sum(0), 1.0)
    regions = (1.0 - background) * masks_KTHW / crowd
    rest = np.maximum(1.0 - regions.sum(0, keepdims=True), 0.0)  # rounding may pass below 0
    return np.concatenate([rest, regions]).astype(np.float32)


def moving_mask(keys: Mapping[int, Box], shape_THW: tuple[int, int, int]) -> NDArray[np.float32]:
    """The mask of a box that moves evenly between key frames and rests before and after them.

    Args:
        keys: Latent frame -> where the box is then; at least one.
        shape_THW: Latent frames, rows and columns.

    Returns:
        (T, H, W), float32: the share of each cell that the box covers.
    """
    frames, rows, columns = shape_THW
    at = sorted(keys)
    boxes = np.array([astuple(keys[frame]) for frame in at])
    left, top, right, bottom = (np.interp(range(frames), at, edge)[:, None] for edge in boxes.T)
    return (
        _covered(top * rows, bottom * rows, rows)[:, :, None]
        * _covered(left * columns, right * columns, columns)[:, None, :]
    ).astype(np.float32)


def _covered(
    low: NDArray[np.float64], high: NDArray[np.float64], cells: int
) -> NDArray[np.float64]:
    """Share of each unit cell that lies between two edges: (T, cells)."""
    cell = np.arange(cells)
    return (np.minimum(high, cell + 1) - np.maximum(low, cell)).clip(0.0, 1.0)
