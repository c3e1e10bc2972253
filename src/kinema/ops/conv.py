"""Whether the convolutions of clips on this machine are right: some libraries' were not.

Several releases of cuDNN computed three-dimensional convolutions in bfloat16 wrongly, and said
nothing. One small convolution against the same in float32 finds out.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import torch
import torch.nn.functional as F

PROBE_CHANNELS: Final = 64
"""Enough that a library takes the kernel it takes for real networks."""


@cache
def clips_are_right(device: torch.device, dtype: torch.dtype) -> bool:
    """Whether a convolution over time, rows and columns agrees with the same in float64 on the CPU.

    In both layouts that networks use. Once for a device and dtype.
    """
    source = torch.Generator().manual_seed(0)
    with torch.inference_mode(False), torch.no_grad():
        x = torch.randn(1, PROBE_CHANNELS, 4, 16, 16, generator=source).to(dtype)
        weight = torch.randn(PROBE_CHANNELS, PROBE_CHANNELS, 3, 3, 3, generator=source)
        weight = (weight / (27 * PROBE_CHANNELS) ** 0.5).to(dtype)
        expected = F.conv3d(x.double(), weight.double(), padding=(0, 1, 1))
        return all(
            _close(
                F.conv3d(
                    x.to(device, memory_format=layout),
                    weight.to(device, memory_format=layout),
                    padding=(0, 1, 1),
                ),
                expected,
            )
            for layout in (torch.contiguous_format, torch.channels_last_3d)
        )


def _close(found: torch.Tensor, expected: torch.Tensor) -> bool:
    """Rounding of bfloat16 gives 0.002, a wrong kernel 0.1 and more."""
    return bool((found.cpu().double() - expected).norm() < 0.02 * expected.norm())
