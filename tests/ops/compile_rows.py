"""Compile every kernel of `kinema.ops.triton_rows` for a Hopper card; prints their names.

The widths are those of Wan 1.3B. Needs Triton and no card.
"""

from __future__ import annotations

import sys
from typing import Any

import triton
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

from kinema.ops import triton_rows

CARD = GPUTarget("cuda", 90, 32)
LEVELS = {"tokens": "i32", "level_tokens": "i32", "width": "i32"}
STRIDES = {"clip_stride": "i32", "level_stride": "i32"}
PLACES = {"clip_stride": "i32", "row_stride": "i32"}

KERNELS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "_add_gated": (
        {"x": "*bf16", "y": "*bf16", "gate": "*fp32", "out": "*bf16", **LEVELS, **STRIDES},
        {"block": 2048},
    ),
    "_layer_norm": (
        {"x": "*bf16", "shift": "*fp32", "scale": "*fp32", "out": "*bf16", **LEVELS, **STRIDES}
        | {"eps": "fp32"},
        {"base": 1.0, "block": 2048},
    ),
    "_queries_and_keys": (
        dict.fromkeys(("qkv", "weight_q", "weight_k", "q", "k"), "*bf16")
        | {"cos": "*fp32", "sin": "*fp32", "tokens": "i32", "width": "i32", "eps": "fp32"},
        {"pairs": 64, "block": 2048},
    ),
    "_rms_norm": (
        {"x": "*bf16", "weight": "*bf16", "out": "*bf16", "rows": "i32", "width": "i32", **PLACES}
        | {"eps": "fp32"},
        {"column_stride": 1, "silu": True, "tile_rows": 2, "block": 2048},
    ),
}


def compiled(name: str, types: dict[str, str], constants: dict[str, Any]) -> str:
    """The assembly of one kernel."""
    kernel = getattr(triton_rows, name)
    places = {argument: place for place, argument in enumerate(kernel.arg_names)}
    signature = {argument: types.get(argument, "constexpr") for argument in kernel.arg_names}
    values = {(places[argument],): value for argument, value in constants.items()}
    source = ASTSource(kernel, signature, values)
    return triton.compile(source, target=CARD, options={"num_warps": 4}).asm["ptx"]


if __name__ == "__main__":
    kernels = [name for name in vars(triton_rows) if name in KERNELS]
    for kernel_name in sorted(kernels):
        if ".target sm_90a" in compiled(kernel_name, *KERNELS[kernel_name]):
            sys.stdout.write(f"{kernel_name}\n")
