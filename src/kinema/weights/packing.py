"""Weights in 8 bits: a scale for each row of a matrix, which is an output channel of a layer.

Rounding a row to 255 levels moves what a layer gives by less than bfloat16 does in a whole network;
vectors, tables of few values and constants stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import torch
from torch import Tensor

SMALLEST: Final = 4096
"""Tensors of fewer values are not worth a scale."""
_SCALE: Final = ".scale_weight"
_LEVELS: Final = 127.0


def pack(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Round every large matrix and kernel to 8 bits; what is small is kept in float32.

    Returns:
        The tensors under their names, and beside each rounded one its scales, (rows, 1, ...).
    """
    packed: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        if tensor.ndim < 2 or tensor.numel() < SMALLEST or not name.endswith(".weight"):
            packed[name] = tensor.float() if tensor.is_floating_point() else tensor
            continue
        values = tensor.float()
        high = values.flatten(1).abs().amax(1).clamp(min=1e-12) / _LEVELS
        scale = high.reshape(-1, *(1,) * (tensor.ndim - 1))
        packed[name] = (values / scale).round().to(torch.int8)
        packed[name.removesuffix(".weight") + _SCALE] = scale
    return packed


def unpack(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """What `pack` rounded, as float32; tensors that were never packed as they are."""
    found: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        if name.endswith(_SCALE):
            continue
        scale = tensors.get(name.removesuffix(".weight") + _SCALE)
        found[name] = tensor if scale is None else tensor.float() * scale.float()
    return found
