"""Frames and places that are given and stay: first, last and key frames, masks, extensions.

What is given is held where the model speaks: inside its velocity, the clean prediction of a given
cell is replaced by what is given. Every solver then carries that cell along the straight line from
its start noise to the given value, so the model always sees it at the right noise level beside the
rest, and it ends where it should. Masks and constraints live in latent cells; a pixel mask is
rounded outward to them by `latent_mask`.

Shape legend for this file:
    B = clips in the batch, C = latent channels, T = latent frames, H, W = latent rows and columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from kinema.sample.arrays import Array, float32, like, namespace, zeros
from kinema.sample.solvers import Velocity

LevelVelocity = Callable[[Array, Array], Array]
"""A model that takes many noise levels: (latent, sigma) -> velocity.

sigma is (B, T), a level for each latent frame, or (B, T, H, W), one for each cell."""


@dataclass(frozen=True, eq=False)
class Known:
    """What is given, and how firmly.

    Args:
        latent: (B, C, T, H, W), float32: the given values; anything where nothing is given.
        keep: (1, 1, T or 1, H or 1, W or 1), float32: the share kept, in [0, 1]. 1 is given
            exactly, 0 is free, between them the result is drawn to what is given.
    """

    latent: Array
    keep: Array


def known_frames(blocks: Mapping[int, Array], total: int, firmness: float = 1.0) -> Known:
    """Give whole frames: first, last, key frames, or the context of an extension.

    A clip of m frames is extended forward as ``{0: clip}`` with ``total`` m + n, and backward as
    ``{n: clip}``.

    Args:
        blocks: Index of the first latent frame -> latent (B, C, n, H, W). Negative indices count
            from the end: -1 is the last frame. All of one kind and size; they may not overlap.
        total: Latent frames of the whole clip.
        firmness: The share kept.

    Raises:
        ValueError: There is no block, one leaves the clip, or two overlap.
    """
    if not blocks:
        raise ValueError("no frames are given")
    some = next(iter(blocks.values()))
    latent_BCTHW = zeros((*some.shape[:2], total, *some.shape[3:]), some)
    keep_T = np.zeros(total, np.float32)
    for index, block in blocks.items():
        start = index % total if -total <= index < total else total
        stop = start + block.shape[2]
        if stop > total or keep_T[start:stop].any():
            raise ValueError(f"{block.shape[2]} frames at {index} do not fit into {total} frames")
        latent_BCTHW[:, :, start:stop] = float32(block)
        keep_T[start:stop] = firmness
    return Known(latent_BCTHW, like(keep_T.reshape(1, 1, total, 1, 1), some))


def known_outside(latent_BCTHW: Array, mask_THW: NDArray[np.float32]) -> Known:
    """Keep a clip everywhere but where the mask is 1, the part to be made anew.

    Args:
        latent_BCTHW: The clip.
        mask_THW: In [0, 1], as `latent_mask` makes it; T, H and W may be 1.
    """
    return Known(float32(latent_BCTHW), like((1.0 - mask_THW)[None, None], latent_BCTHW))


def known_inside(latent_BCTHW: Array, around: tuple[int, int, int, int]) -> Known:
    """Put a clip into a larger picture whose rim is free: outpainting.

    Args:
        latent_BCTHW: The clip.
        around: Latent cells added above, below, left and right, each at least 0.

    Returns:
        Of the larger size.
    """
    above, below, left, right = around
    *lead, rows, columns = latent_BCTHW.shape
    size = (*lead, rows + above + below, columns + left + right)
    place = (..., slice(above, above + rows), slice(left, left + columns))
    canvas, keep = zeros(size, latent_BCTHW), np.zeros((1, 1, 1, *size[-2:]), np.float32)
    canvas[place] = float32(latent_BCTHW)
    keep[place] = 1.0
    return Known(canvas, like(keep, latent_BCTHW))


def hold(velocity: Velocity, known: Known) -> Velocity:
    """Hold what is given while a model that takes one noise level makes the rest.

    Args:
        velocity: The model, or what wraps it; this goes outermost.
        known: What is given.

    Returns:
        A velocity. Start from ordinary noise at sigma 1, or from `edit.start` below it, and call
        `settle` on the result.

    Source:
        Lugmayr et al. 2022, "RePaint", arXiv:2201.09865, equation 8. There the latent is replaced
        after each step; replacing the clean prediction draws the same line from one noise and
        agrees with multi-step solvers, whose history never sees a jump.
    """

    def held(latent: Array, sigma: float) -> Array:
        free = float32(velocity(latent, sigma))
        given = (latent - known.latent) * (1.0 / sigma)
        return (1.0 - known.keep) * free + known.keep * given

    return held


def hold_by_frame(
    velocity: LevelVelocity, known: Known, level: float = 0.0, *, by_cell: bool = False
) -> Velocity:
    """Hold given frames with a model trained for a noise level of its own for each frame.

    The model sees a frame that is kept with share c at (1 - c) times the noise level of the rest:
    exact frames come clean, soft ones half-noised. The same holds for cells, where it knows a level
    for each.

    Args:
        velocity: The model.
        known: What is given; the same share everywhere in a frame unless ``by_cell``.
        level: A little noise that exact frames are shown with, in [0, 1); 0.02 to 0.1 keeps long
            extensions from drifting. It is never above the level of the run.
        by_cell: Whether the model is told a level for each cell.

    Returns:
        A velocity; start and finish as with `hold`.

    Raises:
        ValueError: Shares differ within a frame.

    Source:
        Chen et al. 2024, "Diffusion forcing", arXiv:2407.01392, section 3; clean first frames as in
        Wan 2.2 TI2V (arXiv:2503.20314); noised context: Valevski et al. 2024, arXiv:2408.14837,
        section 3.2.1.
    """
    keep = known.keep
    if keep.shape[-2:] != (1, 1) and not by_cell:
        raise ValueError(f"shares must be the same within a frame, got {tuple(keep.shape)}")

    def held(latent: Array, sigma: float) -> Array:
        # Noise that each frame keeps, as a share of what the run has now.
        noisy = (1.0 - keep) + keep * (min(level, sigma) / sigma)
        shown = noisy * latent + (1.0 - noisy) * known.latent
        levels = (sigma * noisy)[:, 0] if by_cell else (sigma * noisy)[:, 0, :, 0, 0]
        cells = latent.shape[2:] if by_cell else (1,)
        free = float32(velocity(shown, levels + zeros((latent.shape[0], *cells), latent)))
        xp = namespace(latent)
        clean = shown - (sigma * noisy) * free
        clean = xp.where(keep >= 1.0, known.latent, clean)
        return xp.where(keep > 0.0, (latent - clean) * (1.0 / sigma), free)

    return held


def settle(latent: Array, known: Known) -> Array:
    """Set what was given exactly to what was given, without the rounding of the way there."""
    return namespace(latent).where(known.keep >= 1.0, known.latent, latent)


def latent_mask(
    mask_THW: NDArray[np.bool_], stride: tuple[int, int, int] = (4, 8, 8), grow: int = 1
) -> NDArray[np.float32]:
    """A pixel mask in latent cells, rounded outward.

    Args:
        mask_THW: True where pixels are to be made anew. A causal codec makes the first latent frame
            from the first pixel frame alone and each other one from ``stride[0]``, so T is
            1 + k * stride[0]; H and W are multiples of the other strides.
        stride: Pixels a latent cell spans in time, rows and columns.
        grow: Rows and columns added on every side, since a cell's pixels depend on its neighbours.

    Returns:
        (T, H, W) in latent cells, float32, 0 or 1: 1 where any pixel of the cell is masked.

    Raises:
        ValueError: The mask's size does not fit the strides.
    """
    frames, rows, columns = mask_THW.shape
    every, high, wide = stride
    if (frames - 1) % every or rows % high or columns % wide:
        raise ValueError(f"a mask of {mask_THW.shape} does not fit latent cells of {stride}")
    late = mask_THW[1:].reshape(-1, every, rows, columns).any(1)
    cells = np.concatenate([mask_THW[:1], late])
    cells = cells.reshape(len(cells), rows // high, high, columns // wide, wide).any((2, 4))
    padded = np.pad(cells, ((0, 0), (grow, grow), (grow, grow)))
    reach = sliding_window_view(padded, (2 * grow + 1, 2 * grow + 1), axis=(1, 2))
    return np.asarray(reach.any((-2, -1)), np.float32)
