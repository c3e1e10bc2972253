"""Triton twins of the operations on rows: norms, modulation, gates, rotation.

Each reads its tensors once and writes its answer once; in between everything is float32 in
registers. A row is one token (or one pixel of an autoencoder) with all its features, and is never
shared between programs, so that an answer does not depend on what else is in the batch.

Only `kinema.ops` imports this file, and only when a kernel is about to run: it needs Triton.

Shape legend for this file:
    B = clips in the batch, N = tokens, frame by frame, D = features of a row, H = heads,
    P = pairs of features of a head, S = noise levels in a clip, C = channels.
    In kernels, names of tensors are pointers, and a ``block`` is the power of two above a width.
"""

# What a kernel takes is pointers and whole numbers, as many as it needs, and it returns nothing.
# ruff: noqa: ANN001, ANN202, PLR0913

from __future__ import annotations

from typing import Any, Final

import torch
import triton
import triton.language as tl
from torch import Tensor

TILE: Final = 4096
"""Values that one program holds at a time where a row is shorter."""
WARP_VALUES: Final = 512
"""Values of one warp: sixteen for each thread."""


@triton.jit
def _layer_norm(
    x, shift, scale, out, tokens, level_tokens, width, clip_stride, level_stride, eps,
    base: tl.constexpr, block: tl.constexpr,
):  # fmt: skip
    """``(x - mean) / sqrt(variance + eps) * (base + scale) + shift``, a row a program."""
    row = tl.program_id(0).to(tl.int64)
    columns = tl.arange(0, block)
    inside = columns < width
    values = tl.load(x + row * width + columns, mask=inside, other=0.0).to(tl.float32)
    centred = tl.where(inside, values - tl.sum(values) / width, 0.0)
    normal = centred * tl.rsqrt(tl.sum(centred * centred) / width + eps)
    level = row // tokens * clip_stride + row % tokens // level_tokens * level_stride + columns
    factor = base + tl.load(scale + level, mask=inside, other=0.0).to(tl.float32)
    added = tl.load(shift + level, mask=inside, other=0.0).to(tl.float32)
    tl.store(out + row * width + columns, normal * factor + added, mask=inside)


@triton.jit
def _add_gated(
    x, y, gate, out, tokens, level_tokens, width, clip_stride, level_stride, block: tl.constexpr
):
    """``x + gate * y``, a row a program."""
    row = tl.program_id(0).to(tl.int64)
    columns = tl.arange(0, block)
    inside = columns < width
    place = row * width + columns
    level = row // tokens * clip_stride + row % tokens // level_tokens * level_stride + columns
    stream = tl.load(x + place, mask=inside).to(tl.float32)
    branch = tl.load(y + place, mask=inside).to(tl.float32)
    opened = tl.load(gate + level, mask=inside).to(tl.float32)
    tl.store(out + place, stream + opened * branch, mask=inside)


@triton.jit
def _rms_norm(
    x, weight, out, rows, width, clip_stride, row_stride, column_stride, eps,
    silu: tl.constexpr, tile_rows: tl.constexpr, block: tl.constexpr,
):  # fmt: skip
    """``x / sqrt(mean(x^2) + eps) * weight``, then SiLU if wanted; some rows a program."""
    row = tl.program_id(0).to(tl.int64) * tile_rows + tl.arange(0, tile_rows)[:, None]
    columns = tl.arange(0, block)[None, :]
    inside = (row < rows) & (columns < width)
    place = tl.program_id(1).to(tl.int64) * clip_stride + row * row_stride + columns * column_stride
    values = tl.load(x + place, mask=inside, other=0.0).to(tl.float32)
    factor = tl.rsqrt(tl.sum(values * values, axis=1) / width + eps)[:, None]
    normal = values * factor * tl.load(weight + columns, mask=columns < width).to(tl.float32)
    if silu:
        normal = normal * tl.sigmoid(normal)
    tl.store(out + place, normal, mask=inside)


@triton.jit
def _normed_and_turned(
    x, weight, out, cos, sin, width, eps, pairs: tl.constexpr, block: tl.constexpr
):
    """One row: the norm over its whole width, then the pairs of each head turned."""
    columns = tl.arange(0, block)
    inside = columns < width
    values = tl.load(x + columns, mask=inside, other=0.0).to(tl.float32)
    weights = tl.load(weight + columns, mask=inside, other=0.0).to(tl.float32)
    normal = values * tl.rsqrt(tl.sum(values * values) / width + eps) * weights
    a, b = tl.split(tl.reshape(normal, (block // 2, 2)))
    pair = tl.arange(0, block // 2) % pairs  # every head turns by the same angles
    c, s = tl.load(cos + pair), tl.load(sin + pair)
    turned = tl.reshape(tl.join(a * c - b * s, a * s + b * c), (block,))
    tl.store(out + columns, turned, mask=inside)


@triton.jit
def _queries_and_keys(
    qkv, weight_q, weight_k, q, k, cos, sin, tokens, width, eps,
    pairs: tl.constexpr, block: tl.constexpr,
):  # fmt: skip
    """Queries and keys of one token, from the row that holds its queries, keys and values."""
    row = tl.program_id(0).to(tl.int64)
    angles = row % tokens * pairs
    source, place = qkv + 3 * row * width, row * width
    _normed_and_turned(
        source, weight_q, q + place, cos + angles, sin + angles, width, eps, pairs, block
    )
    _normed_and_turned(
        source + width, weight_k, k + place, cos + angles, sin + angles, width, eps, pairs, block
    )


def layer_norm(
    x_BND: Tensor,
    shift_BSD: Tensor,
    scale_BSD: Tensor,
    *,
    base: float,
    eps: float,
    dtype: torch.dtype,
) -> Tensor:
    """Layer norm of each token, times ``base + scale`` of its level, plus ``shift`` of it."""
    x_BND = x_BND.contiguous()
    batch, tokens, width = x_BND.shape
    shift_BSD, scale_BSD = _alike(batch, shift_BSD, scale_BSD)
    out = torch.empty_like(x_BND, dtype=dtype)
    clip_stride, level_stride, _ = scale_BSD.stride()
    block = _block(width)
    _launch(
        _layer_norm, (batch * tokens,), block,
        x_BND, shift_BSD, scale_BSD, out, tokens, tokens // scale_BSD.shape[1], width,
        clip_stride, level_stride, eps, base, block,
    )  # fmt: skip
    return out


def add_gated(x_BND: Tensor, y_BND: Tensor, gate_BSD: Tensor) -> Tensor:
    """``x + gate * y`` with a gate for each level, in the dtype of ``x``."""
    x_BND, y_BND = x_BND.contiguous(), y_BND.contiguous()
    batch, tokens, width = x_BND.shape
    (gate_BSD,) = _alike(batch, gate_BSD)
    out = torch.empty_like(x_BND)
    clip_stride, level_stride, _ = gate_BSD.stride()
    block = _block(width)
    _launch(
        _add_gated, (batch * tokens,), block,
        x_BND, y_BND, gate_BSD, out, tokens, tokens // gate_BSD.shape[1], width,
        clip_stride, level_stride, block,
    )  # fmt: skip
    return out


def rms_norm(x: Tensor, weight_D: Tensor, eps: float) -> Tensor:
    """RMS norm of the last axis, in the dtype of ``x``."""
    x = x.contiguous()
    width = x.shape[-1]
    return _rms_normed(x, weight_D, eps, (1, x.numel() // width), (0, width, 1), silu=False)


def channel_norm(x: Tensor, weight_C: Tensor, eps: float, *, silu: bool) -> Tensor:
    """RMS norm of the channels of every pixel (B, C, ...), in the layout and dtype of ``x``."""
    batch, channels, *_ = x.shape
    pixels = x[0, 0].numel()
    if x.movedim(1, -1).is_contiguous():
        strides = channels * pixels, channels, 1
    else:
        x = x.contiguous()
        strides = channels * pixels, 1, pixels
    return _rms_normed(x, weight_C, eps, (batch, pixels), strides, silu=silu)


def queries_and_keys(
    qkv_BNE: Tensor,
    weight_q_D: Tensor,
    weight_k_D: Tensor,
    eps: float,
    tables: tuple[Tensor, Tensor],
) -> tuple[Tensor, Tensor]:
    """Normed and turned queries and keys, (B, N, D) each, in one pass over fused ``qkv``.

    ``tables`` are cosines and sines, (N, P) float32.
    """
    qkv_BNE = qkv_BNE.contiguous()
    batch, tokens, width = *qkv_BNE.shape[:2], qkv_BNE.shape[2] // 3
    q_BND, k_BND = qkv_BNE.new_empty(2, batch, tokens, width)
    cos_NP, sin_NP = (table.contiguous() for table in tables)
    block = _block(width)
    _launch(
        _queries_and_keys, (batch * tokens,), block,
        qkv_BNE, weight_q_D, weight_k_D, q_BND, k_BND, cos_NP, sin_NP, tokens, width, eps,
        cos_NP.shape[1], block,
    )  # fmt: skip
    return q_BND, k_BND


def _rms_normed(
    x: Tensor,
    weight: Tensor,
    eps: float,
    grid: tuple[int, int],
    strides: tuple[int, int, int],
    *,
    silu: bool,
) -> Tensor:
    """`_rms_norm` over ``grid`` clips and rows that lie ``strides`` (clip, row, column) apart."""
    (clips, rows), width = grid, len(weight)
    out = torch.empty_like(x)
    block = _block(width)
    tile_rows = max(1 if strides[2] == 1 else 16, TILE // block)  # 16: whole lines of memory
    _launch(
        _rms_norm, (-(-rows // tile_rows), clips), tile_rows * block,
        x, weight, out, rows, width, *strides, eps, silu, tile_rows, block,
    )  # fmt: skip
    return out


def _launch(kernel: Any, grid: tuple[int, ...], values: int, *arguments: Any) -> None:
    """Run a kernel whose programs hold so many ``values``, on the device of its first tensor."""
    warps = max(1, min(16, values // WARP_VALUES))
    with torch.cuda.device_of(arguments[0]):  # Triton takes the current device otherwise
        kernel[grid](*arguments, num_warps=warps)


def _block(width: int) -> int:
    """The power of two that a row fits in."""
    return 1 << (width - 1).bit_length()


def _alike(batch: int, *rows_BSD: Tensor) -> tuple[Tensor, ...]:
    """Rows of levels for every clip, such that one set of strides fits all of them."""
    if len({rows.stride() for rows in rows_BSD}) > 1 or rows_BSD[0].stride(-1) != 1:
        rows_BSD = tuple(rows.contiguous() for rows in rows_BSD)
    # Rows that all clips share get the stride 0.
    return tuple(rows.expand(batch, -1, -1) for rows in rows_BSD)
