"""The few places where NumPy arrays and torch tensors differ.

Everything else in this package is written with what both share: operators, indexing, and functions
that have the same name and the same positional arguments in both libraries.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = Any
"""A NumPy array or a torch tensor. Neither library's type describes both."""


def namespace(array: Array) -> Any:
    """The library that an array belongs to: the module ``numpy`` or the module ``torch``.

    Torch is looked up, never imported: where there is a tensor, torch has been loaded.

    Raises:
        TypeError: It is neither.
    """
    if isinstance(array, np.ndarray):
        return np
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(array, torch.Tensor):
        return torch
    raise TypeError(f"expected a NumPy array or a torch tensor, got {type(array).__name__}")


def float32(array: Array) -> Array:
    """The array in float32; itself where it is that already."""
    if namespace(array) is np:
        return array.astype(np.float32, copy=False)
    return array.float()


def float64(array: Array) -> Array:
    """The array in float64: for noise levels, whose thousandths are not exact in float32."""
    return array.astype(np.float64) if namespace(array) is np else array.double()


def like(values: NDArray[Any], array: Array) -> Array:
    """Numbers made on the host as a float32 array of the kind and on the device of ``array``."""
    host = np.ascontiguousarray(values, dtype=np.float32)
    xp = namespace(array)
    return host if xp is np else xp.from_numpy(host).to(array.device)


def on_host(array: Array) -> NDArray[Any]:
    """The array as NumPy sees it; a tensor on a device is copied to the host."""
    return array if namespace(array) is np else array.detach().cpu().numpy()


def zeros(shape: Sequence[int], array: Array) -> Array:
    """Float32 zeros of another shape, of the kind and on the device of ``array``."""
    xp = namespace(array)
    return xp.zeros(tuple(shape), dtype=xp.float32, device=array.device)


def is_finite(array: Array) -> bool:
    """Whether no value is NaN or infinite. Waits for the device that computes the array."""
    return bool(namespace(array).isfinite(array).all())


def inner(a_BX: Array, b_BX: Array) -> Array:
    """Inner product of each clip of the batch with its partner: (B, 1, ..., 1), float32."""
    return (a_BX * b_BX).sum(tuple(range(1, a_BX.ndim)), keepdims=True)
