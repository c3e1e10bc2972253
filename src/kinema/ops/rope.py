"""Rotary positions in three axes: a token's place in time, height and width turns its features.

Shape legend for this file:
    B = clips in the batch, N = tokens in (frame, row, column) order, H = heads, D = width of one
    head, P = D / 2 pairs of features, T, Y, X = token frames, rows and columns, W = H D.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import torch
from torch import Tensor

from kinema.ops.kernels import fused
from kinema.ops.norm import rms_norm

THETA: Final = 10_000.0


class Rotation(NamedTuple):
    """Cosine and sine of every token's angles, float32, (N, P) each."""

    cos_NP: Tensor
    sin_NP: Tensor


class Positions(NamedTuple):
    """Where token frames, rows and columns stand on their axes; float64, fractions allowed."""

    time_T: Tensor
    rows_Y: Tensor
    columns_X: Tensor


def axis_widths(head_width: int) -> tuple[int, int, int]:
    """Features that (time, rows, columns) get: 128 is 44 + 42 + 42. Time takes the remainder."""
    space = 2 * (head_width // 6)
    return head_width - 2 * space, space, space


def rotation_of(positions: Positions, head_width: int, device: torch.device) -> Rotation:
    """Make the rotation of every token from the positions on the three axes.

    Pair ``i`` of an axis with ``w`` features turns by ``position * theta ** (-2 i / w)`` radians.

    Args:
        positions: Of frames, rows and columns. A reference picture may stand at a time before 0,
            a longer or faster clip at fractions.
        head_width: D, even.
        device: Where the tables go.

    Returns:
        Tables of (T * Y * X, D / 2), tokens in (frame, row, column) order.

    Cost:
        A few array operations over N x P; cache it over the steps, as `grid_rotation` does.

    Source:
        Su et al. 2021, "RoFormer", arXiv:2104.09864, section 3.2, with the features shared out
        between three axes. Angles are made in float64: in float32 those of far frames are wrong
        from the fifth digit on.
    """
    grid = tuple(len(axis) for axis in positions)
    parts: list[Tensor] = []
    for axis, (places, width) in enumerate(zip(positions, axis_widths(head_width), strict=True)):
        exponents = torch.arange(0, width, 2, dtype=torch.float64) / width
        angles = torch.outer(places.double().cpu(), THETA**-exponents)
        shape = [1, 1, 1, angles.shape[1]]
        shape[axis] = grid[axis]
        parts.append(angles.view(shape).expand(*grid, -1))
    angles_NP = torch.cat(parts, dim=-1).flatten(0, 2)
    return Rotation(angles_NP.cos().float().to(device), angles_NP.sin().float().to(device))


@lru_cache(maxsize=16)
def grid_rotation(grid: tuple[int, int, int], head_width: int, device: torch.device) -> Rotation:
    """The rotation of a whole grid whose axes count 0, 1, 2 ..., kept for the next step."""
    with torch.inference_mode(False):  # or training could not use what a sampler had cached
        axes = (torch.arange(length, dtype=torch.float64) for length in grid)
        return rotation_of(Positions(*axes), head_width, device)


def queries_and_keys(
    qkv_BNE: Tensor,
    weights_W: tuple[Tensor, Tensor],
    rotation: Rotation,
    *,
    heads: int,
    eps: float,
) -> tuple[Tensor, Tensor]:
    """Make queries and keys ready to be compared: norm over the whole width, then `rotate`.

    Args:
        qkv_BNE: Queries, keys and values side by side, E = 3 W, as one product gives them.
        weights_W: Of the norms of the queries and of the keys.
        rotation: Of every token.
        heads: H.
        eps: Added to the mean square.

    Returns:
        Queries and keys, (B, N, H, D) each, in the dtype of ``qkv_BNE``.
    """
    if fused(qkv_BNE, *weights_W):
        from kinema.ops import triton_rows

        ready = triton_rows.queries_and_keys(qkv_BNE, *weights_W, eps, rotation)
        q_BNHD, k_BNHD = (x_BNW.unflatten(-1, (heads, -1)) for x_BNW in ready)
        return q_BNHD, k_BNHD
    q_BNHD, k_BNHD = (
        rotate(rms_norm(x_BNW, weight_W, eps).unflatten(-1, (heads, -1)), rotation)
        for x_BNW, weight_W in zip(qkv_BNE.chunk(3, dim=-1)[:2], weights_W, strict=True)
    )
    return q_BNHD, k_BNHD


def rotate(x_BNHD: Tensor, rotation: Rotation) -> Tensor:
    """Turn the adjacent pairs of features, ``(a, b) -> (a cos - b sin, a sin + b cos)``.

    In float32. On a CPU, as one complex product, seven times as fast as the real ones; elsewhere
    in real arithmetic, because complex numbers do not compile.

    Returns:
        (B, N, H, D) in the dtype of ``x_BNHD``.
    """
    if x_BNHD.device.type == "cpu" and not torch.compiler.is_compiling():
        return rotate_complex(x_BNHD, rotation)
    return rotate_real(x_BNHD, rotation)


def rotate_real(x_BNHD: Tensor, rotation: Rotation) -> Tensor:
    """`rotate` as its equation is printed."""
    a_BNHP, b_BNHP = x_BNHD.float().unflatten(-1, (-1, 2)).unbind(-1)
    cos_N1P, sin_N1P = (table_NP[:, None] for table_NP in rotation)
    turned = (a_BNHP * cos_N1P - b_BNHP * sin_N1P, a_BNHP * sin_N1P + b_BNHP * cos_N1P)
    return torch.stack(turned, dim=-1).flatten(-2).to(x_BNHD.dtype)


def rotate_complex(x_BNHD: Tensor, rotation: Rotation) -> Tensor:
    """`rotate` as a product of complex numbers, a pair of features each."""
    pairs_BNHP = torch.view_as_complex(x_BNHD.float().unflatten(-1, (-1, 2)).contiguous())
    turn_N1P = torch.complex(*rotation)[:, None]
    return torch.view_as_real(pairs_BNHP * turn_N1P).flatten(-2).to(x_BNHD.dtype)
