"""Scaled dot-product attention: one function, several backends behind it.

Shape legend for this file:
    B = clips in the batch, N = queries, M = keys, H = heads, D = width of one head.
"""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel


class Backend(StrEnum):
    """Who computes the attention. All agree within rounding; only speed and memory differ."""

    PLAIN = "plain"
    """The equation as written; holds the whole N x M matrix. The reference of the tests."""
    TORCH = "torch"
    """PyTorch's own choice for the machine."""
    TILED = "tiled"
    """Two products for some rows at a time, in the dtype of the queries: on CPUs whose bfloat16
    products are fast, twice as fast as PyTorch's own kernel, which computes in float32 there."""
    CUDNN = "cudnn"
    FLASH = "flash"
    EFFICIENT = "efficient"
    MATH = "math"
    """PyTorch's kernels one after the other; like `PLAIN`, holds the whole N x M matrix."""


_KERNELS: Final = {
    Backend.CUDNN: SDPBackend.CUDNN_ATTENTION,
    Backend.FLASH: SDPBackend.FLASH_ATTENTION,
    Backend.EFFICIENT: SDPBackend.EFFICIENT_ATTENTION,
    Backend.MATH: SDPBackend.MATH,
}

TILE_ROWS: Final = 256
TILE_SCORES: Final = 1 << 23
"""A tile has at most so many rows, and at most so many scores over all clips and heads."""
MATH_SCORES: Final = 1 << 27
"""With more scores than this, `Backend.MATH` takes gigabytes and cannot be the fastest."""


def attention(
    q_BNHD: Tensor,
    k_BMHD: Tensor,
    v_BMHD: Tensor,
    *,
    bias_BHNM: Tensor | None = None,
    scale: float | None = None,
    backend: Backend = Backend.TORCH,
) -> Tensor:
    """Let every query gather the values whose keys it matches.

    ``out = softmax(scale * q k^T + bias) v`` for each clip and head on its own.

    Args:
        q_BNHD: Queries, any float dtype.
        k_BMHD: Keys, of the same dtype and head width as the queries.
        v_BMHD: Values, one for each key.
        bias_BHNM: Added to the scores; every axis may have length 1. A bias shuts out the flash
            kernels: leave it away wherever it would be zero.
        scale: Factor of the scores; 1 / sqrt(D) when None.
        backend: Who computes it; see `fastest`.

    Returns:
        (B, N, H, D), dtype and device of the queries.

    Raises:
        RuntimeError: A named kernel does not run on this device, dtype or head width.

    Cost:
        4 B H N M D operations. Memory grows with N + M, with `Backend.PLAIN` with N x M.

    Source:
        Vaswani et al. 2017, "Attention Is All You Need", arXiv:1706.03762, equation 1.
    """
    q_BHND, k_BHMD, v_BHMD = (x.transpose(1, 2) for x in (q_BNHD, k_BMHD, v_BMHD))
    if backend is Backend.PLAIN:
        out_BHND = _plain(q_BHND, k_BHMD, v_BHMD, bias_BHNM, scale)
    elif backend is Backend.TILED:
        out_BHND = _tiled(q_BHND, k_BHMD, v_BHMD, bias_BHNM, scale)
    elif backend is Backend.TORCH:
        out_BHND = F.scaled_dot_product_attention(
            q_BHND, k_BHMD, v_BHMD, attn_mask=bias_BHNM, scale=scale
        )
    else:
        with sdpa_kernel(_KERNELS[backend]):
            out_BHND = F.scaled_dot_product_attention(
                q_BHND, k_BHMD, v_BHMD, attn_mask=bias_BHNM, scale=scale
            )
    return out_BHND.transpose(1, 2)


def _plain(
    q_BHND: Tensor, k_BHMD: Tensor, v_BHMD: Tensor, bias_BHNM: Tensor | None, scale: float | None
) -> Tensor:
    """The equation, in float32."""
    scale = 1 / math.sqrt(q_BHND.shape[-1]) if scale is None else scale
    scores_BHNM = scale * (q_BHND.float() @ k_BHMD.float().mT)
    if bias_BHNM is not None:
        scores_BHNM = scores_BHNM + bias_BHNM.float()
    return (scores_BHNM.softmax(-1) @ v_BHMD.float()).to(q_BHND.dtype)


def _tiled(
    q_BHND: Tensor, k_BHMD: Tensor, v_BHMD: Tensor, bias_BHNM: Tensor | None, scale: float | None
) -> Tensor:
    """Some rows at a time, scores and all in the dtype of the queries."""
    scale = 1 / math.sqrt(q_BHND.shape[-1]) if scale is None else scale
    batch, heads, length, _ = q_BHND.shape
    q_GND, k_GMD, v_GMD = (x.flatten(0, 1) for x in (q_BHND, k_BHMD, v_BHMD))
    groups, keys = len(k_GMD), k_GMD.shape[1]
    rows = max(1, min(TILE_ROWS, TILE_SCORES // (groups * keys)))
    nothing = q_GND.new_zeros(1, 1, 1)
    tiles: list[Tensor] = []
    for start in range(0, length, rows):
        part = slice(start, start + rows)
        scores_GNM = torch.baddbmm(nothing, q_GND[:, part], k_GMD.mT, beta=0, alpha=scale)
        if bias_BHNM is not None:
            bias = bias_BHNM.expand(batch, heads, length, keys)[:, :, part].flatten(0, 1)
            scores_GNM = scores_GNM + bias
        tiles.append(torch.bmm(scores_GNM.softmax(-1), v_GMD))
    return torch.cat(tiles, dim=1).unflatten(0, (batch, heads))


def fastest(
    device: torch.device, dtype: torch.dtype, *, tokens: int, heads: int, head_width: int
) -> Backend:
    """Find the backend that is fastest for self-attention of this shape, by trying each.

    Args:
        device: Where the network runs.
        dtype: Of the activations.
        tokens: Length of the sequence; kernels rank differently for short and long ones.
        heads: Number of heads.
        head_width: Width of one head. The flash kernels stop at 256.

    Returns:
        The fastest backend among those that run at all.

    Cost:
        That of `timings`, once; keep the answer.
    """
    names = candidates(device, dtype, tokens=tokens, heads=heads)
    if len(names) == 1:
        return names[0]
    qkv = [torch.randn(1, tokens, heads, head_width, device=device, dtype=dtype) for _ in range(3)]
    seconds = timings(names, *qkv)
    return min(seconds, key=seconds.__getitem__)


def candidates(
    device: torch.device, dtype: torch.dtype, *, tokens: int, heads: int
) -> list[Backend]:
    """The backends that may be the fastest for self-attention on this device.

    On a CPU there is one for each dtype: backends round differently, and which of two is a little
    faster on a busy machine must not decide what a seed shows.
    """
    if device.type != "cuda":
        return [Backend.TILED if dtype is torch.bfloat16 else Backend.TORCH]
    fits = heads * tokens**2 <= MATH_SCORES
    kernels = [kernel for kernel in _KERNELS if kernel is not Backend.MATH or fits]
    return [Backend.TORCH, *kernels]


def timings(
    backends: Sequence[Backend], q_BNHD: Tensor, k_BMHD: Tensor, v_BMHD: Tensor
) -> dict[Backend, float]:
    """Seconds that each backend takes for one attention, the best of five after one to warm up.

    They take turns, so that what else the machine does falls on all. Backends that do not know the
    shape, the dtype or the card are left out.
    """
    qkv = q_BNHD, k_BMHD, v_BMHD
    known: list[Backend] = []
    for backend in backends:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # PyTorch says at length why a kernel will not do
                attention(*qkv, backend=backend)
        except RuntimeError:
            continue
        known.append(backend)
    rounds = [[_seconds(qkv, backend) for backend in known] for _ in range(5)]
    return {backend: min(taken) for backend, *taken in zip(known, *rounds, strict=True)}


def _seconds(qkv: tuple[Tensor, Tensor, Tensor], backend: Backend) -> float:
    is_cuda = qkv[0].device.type == "cuda"
    if is_cuda:
        torch.cuda.synchronize(qkv[0].device)
    start = time.perf_counter()
    attention(*qkv, backend=backend)
    if is_cuda:
        torch.cuda.synchronize(qkv[0].device)
    return time.perf_counter() - start
