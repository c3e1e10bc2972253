"""Who computes an operation that has two twins: PyTorch step by step, or one kernel of our own.

The operations of this package are equations, and each is written twice. The twin in PyTorch reads
like the equation and runs everywhere; on a GPU it goes through memory once for every step of it.
The twin in Triton (`kinema.ops.triton_rows`) goes through memory once in all. Networks call the
operation and never know which of the two it was.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from importlib.util import find_spec

import torch
from torch import Tensor


class Kernels(StrEnum):
    """Which twin runs."""

    AUTO = "auto"
    """Triton on a GPU that it knows, for tensors that need no gradient; PyTorch elsewhere."""
    TORCH = "torch"
    """PyTorch, everywhere."""
    TRITON = "triton"
    """Triton wherever no gradient is needed; on a CPU only in its interpreter, for tests."""


_chosen = Kernels.AUTO


def use_kernels(choice: Kernels) -> None:
    """Say for the whole process which twin runs from now on. Not while a network runs."""
    global _chosen
    _chosen = choice


def fused(*tensors: Tensor) -> bool:
    """Whether the Triton twin computes an operation on these tensors.

    It never does where a gradient is needed, which it has none of, nor while PyTorch compiles:
    the compiler fuses the steps of the plain twin with their neighbours by itself.
    """
    if _chosen is Kernels.TORCH or torch.compiler.is_compiling():
        return False
    if torch.is_grad_enabled() and any(tensor.requires_grad for tensor in tensors):
        return False
    return _chosen is Kernels.TRITON or (tensors[0].is_cuda and knows(tensors[0].device))


@cache
def knows(device: torch.device) -> bool:
    """Whether Triton is here and compiles for this device: bfloat16 needs an Ampere or newer."""
    if device.type != "cuda" or find_spec("triton") is None:
        return False
    return torch.cuda.get_device_capability(device) >= (8, 0)
