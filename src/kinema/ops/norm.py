"""Norms and the modulation around them, all with float32 inside whatever the weights are.

Shape legend for this file:
    B = clips in the batch, N = tokens, frame by frame, D = width of the network,
    S = different noise levels in a clip: 1, or one a frame, or one a token. S divides N, and the
    N / S tokens of a level are neighbours, so that a level's rows are never copied to its tokens.
    C = channels of a pixel.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from kinema.ops.cpu import TILE_VALUES
from kinema.ops.kernels import fused


def rms_norm(x: Tensor, weight_D: Tensor, eps: float) -> Tensor:
    """Scale the last axis to root mean square 1, then by ``weight_D``.

    ``x / sqrt(mean(x^2) + eps) * weight``, in the dtype of ``x``.

    Source:
        Zhang and Sennrich 2019, arXiv:1910.07467, equation 4.
    """
    if fused(x, weight_D):
        from kinema.ops import triton_rows

        return triton_rows.rms_norm(x, weight_D, eps)
    if goes_in_tiles(x):
        rows_ND, out = x.reshape(-1, len(weight_D)), torch.empty_like(x)
        if out.is_contiguous():
            _rms_norm_tiled(rows_ND, weight_D.float(), eps, False, out.view(rows_ND.shape))
            return out
    return F.rms_norm(x.float(), weight_D.shape, weight_D.float(), eps).to(x.dtype)


def rms_norm_plain(x: Tensor, weight_D: Tensor, eps: float) -> Tensor:
    """The equation of `rms_norm` as written."""
    wide = x.float()
    return (wide / (wide.square().mean(-1, keepdim=True) + eps).sqrt() * weight_D.float()).to(
        x.dtype
    )


def channel_norm(
    x: Tensor, weight_C: Tensor, eps: float, *, silu: bool = False, out: Tensor | None = None
) -> Tensor:
    """`rms_norm` of the channels of each pixel, and SiLU after it if wanted.

    Args:
        x: (B, C, ...): pictures or clips.
        weight_C: One factor for each channel.
        eps: Added to the mean square.
        silu: Whether ``y * sigmoid(y)`` follows.
        out: Memory for the result, such as a part of a larger tensor; new when None.

    Returns:
        Same shape and dtype.
    """
    if goes_in_tiles(x):
        into = torch.empty_like(x) if out is None else out
        rows, rows_out = x.movedim(1, -1), into.movedim(1, -1)
        if rows[0].is_contiguous() and rows_out[0].is_contiguous():
            for one, one_out in zip(rows, rows_out, strict=True):
                flat, flat_out = one.flatten(0, -2), one_out.flatten(0, -2)
                _rms_norm_tiled(flat, weight_C.float(), eps, silu, flat_out)
            return into
    if fused(x, weight_C):
        from kinema.ops import triton_rows

        normal = triton_rows.channel_norm(x, weight_C, eps, silu=silu)
    else:
        normal = rms_norm(x.movedim(1, -1), weight_C, eps).movedim(-1, 1)
        normal = F.silu(normal) if silu else normal
    return normal if out is None else out.copy_(normal)


def goes_in_tiles(x: Tensor) -> bool:
    """Whether the tiled road is open: it writes over its own values, which gradients forbid."""
    return x.device.type == "cpu" and not torch.is_grad_enabled()


def _rms_norm_tiled(x_NC: Tensor, weight_C: Tensor, eps: float, silu: bool, out_NC: Tensor) -> None:
    """Some rows at a time, so that every pass but the first and the last stays in the cache.

    All in float32 in between, in one piece of memory that is used again. Twice as fast as whole
    passes, whose page faults alone cost more than the arithmetic.
    """
    channels = len(weight_C)
    rows = max(1, TILE_VALUES // channels)
    scratch_NC = weight_C.new_empty(min(rows, len(x_NC)), channels)
    for part_NC, into_NC in zip(x_NC.split(rows), out_NC.split(rows), strict=True):
        y_NC = scratch_NC[: len(part_NC)].copy_(part_NC)
        norm_N1 = torch.linalg.vector_norm(y_NC, dim=-1, keepdim=True)
        y_NC.mul_(norm_N1.square_().div_(channels).add_(eps).rsqrt_()).mul_(weight_C)
        into_NC.copy_(F.silu(y_NC, inplace=True) if silu else y_NC)


def layer_norm(
    x_BND: Tensor, weight_D: Tensor, bias_D: Tensor, *, eps: float, dtype: torch.dtype
) -> Tensor:
    """Bring each token to mean 0 and variance 1, then times ``weight_D`` plus ``bias_D``.

    ``(x - mean) / sqrt(variance + eps) * weight + bias``, (B, N, D) in ``dtype``.

    Source:
        "Layer Normalization", 2016, arXiv:1607.06450, equation 4.
    """
    if fused(x_BND, weight_D, bias_D):
        from kinema.ops import triton_rows

        rows_11D = bias_D[None, None], weight_D[None, None]
        return triton_rows.layer_norm(x_BND, *rows_11D, base=0.0, eps=eps, dtype=dtype)
    normal_BND = F.layer_norm(x_BND.float(), weight_D.shape, weight_D.float(), bias_D.float(), eps)
    return normal_BND.to(dtype)


def modulate(
    x_BND: Tensor, shift_BSD: Tensor, scale_BSD: Tensor, *, eps: float, dtype: torch.dtype
) -> Tensor:
    """Layer norm whose scale and shift come from the noise level.

    ``norm(x) * (1 + scale) + shift``, with the norm's own weights left away.

    Args:
        x_BND: The residual stream.
        shift_BSD: Float32, one row for each noise level of the clip.
        scale_BSD: Float32, likewise.
        eps: Added to the variance.
        dtype: Of the result: that of the weights which it meets next.

    Returns:
        (B, N, D).

    Source:
        Peebles and Xie 2022, "Scalable Diffusion Models with Transformers", arXiv:2212.09748,
        section 3.2 (adaLN-Zero), here with several levels in a clip.
    """
    if fused(x_BND, shift_BSD, scale_BSD):
        from kinema.ops import triton_rows

        return triton_rows.layer_norm(x_BND, shift_BSD, scale_BSD, base=1.0, eps=eps, dtype=dtype)
    normal_BND = F.layer_norm(x_BND.float(), x_BND.shape[-1:], eps=eps)
    levels = shift_BSD.shape[1]
    out = torch.addcmul(
        shift_BSD[:, :, None], _by_level(normal_BND, levels), 1 + scale_BSD[:, :, None]
    )
    return out.view(x_BND.shape).to(dtype)


def modulate_plain(
    x_BND: Tensor, shift_BSD: Tensor, scale_BSD: Tensor, *, eps: float, dtype: torch.dtype
) -> Tensor:
    """The equation of `modulate` as written, with every level's row copied to its tokens."""
    wide = x_BND.float()
    tokens = x_BND.shape[1] // shift_BSD.shape[1]
    centred = wide - wide.mean(-1, keepdim=True)
    normal_BND = centred / (centred.square().mean(-1, keepdim=True) + eps).sqrt()
    shift_BND, scale_BND = (r.repeat_interleave(tokens, dim=1) for r in (shift_BSD, scale_BSD))
    return (normal_BND * (1 + scale_BND) + shift_BND).to(dtype)


def add_gated(x_BND: Tensor, y_BND: Tensor, gate_BSD: Tensor) -> Tensor:
    """Add a branch to the residual stream, ``x + gate * y``; summed in float32, kept as ``x``."""
    if fused(x_BND, y_BND, gate_BSD):
        from kinema.ops import triton_rows

        return triton_rows.add_gated(x_BND, y_BND, gate_BSD)
    levels = gate_BSD.shape[1]
    branch = _by_level(y_BND.float(), levels)
    out = torch.addcmul(_by_level(x_BND.float(), levels), branch, gate_BSD[:, :, None])
    return out.view(x_BND.shape).to(x_BND.dtype)


def add_gated_plain(x_BND: Tensor, y_BND: Tensor, gate_BSD: Tensor) -> Tensor:
    """The equation of `add_gated` as written."""
    gate_BND = gate_BSD.repeat_interleave(x_BND.shape[1] // gate_BSD.shape[1], dim=1)
    return (x_BND.float() + gate_BND * y_BND.float()).to(x_BND.dtype)


def _by_level(x_BND: Tensor, levels: int) -> Tensor:
    """(B, N, D) seen as (B, S, N / S, D)."""
    return x_BND.unflatten(1, (levels, -1))
