"""LoRA for training: thin factors laid on the linear layers of a transformer, and their file.

The file has the names of ``diffusers``, so that it loads there, here (`kinema.weights.lora`) and in
what else reads them. A layer of ours that holds queries, keys and values has factors for each.

Source:
    Hu et al. 2021, "LoRA", arXiv:2106.09685, section 4.1.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, cast

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import register_parametrization

from kinema.models.dit import WanTransformer
from kinema.models.loading import native_fields
from kinema.weights import store
from kinema.weights.keys import Layout, Part, stored

_PIECES: Final = {"qkv": 3, "kv": 2}


class Factors(nn.Module):
    """Adds ``up @ down`` to a weight, piece by piece of its rows; nothing at first."""

    def __init__(self, weight: Tensor, pieces: int, rank: int) -> None:
        super().__init__()
        rows, columns = weight.shape
        self.down = nn.Parameter(torch.randn(pieces, rank, columns) / columns**0.5)
        self.up = nn.Parameter(torch.zeros(pieces, rows // pieces, rank))

    def forward(self, weight: Tensor) -> Tensor:
        """The changed weight, in its own dtype."""
        return weight + (self.up @ self.down).flatten(0, 1).to(weight.dtype)


def lay(network: WanTransformer, rank: int) -> None:
    """Lay factors on every linear layer of the blocks, and freeze all else."""
    network.requires_grad_(False)
    for name, layer in network.blocks.named_modules():
        if isinstance(layer, nn.Linear):
            pieces = _PIECES.get(name.rpartition(".")[2], 1)
            register_parametrization(layer, "weight", Factors(layer.weight, pieces, rank))
            layer.parametrizations.weight.original.requires_grad_(False)  # pyright: ignore


def write(network: WanTransformer, path: Path) -> None:
    """Write the factors of a network as ``path``.

    Raises:
        WeightsError: The disk is full or the folder cannot be written.
    """
    config = native_fields(network.config)
    tensors: dict[str, Tensor] = {}
    for name, module in network.named_modules():
        if not isinstance(module, Factors):
            continue
        key = name.partition(".parametrizations")[0] + ".weight"
        names = stored(Part.TRANSFORMER, Layout.DIFFUSERS, key, config).names
        for theirs, down, up in zip(names, module.down, module.up, strict=True):
            stem = "transformer." + theirs.removesuffix(".weight")
            tensors[f"{stem}.lora_A.weight"] = down
            tensors[f"{stem}.lora_B.weight"] = up
    store.save(path.parent, path.stem, cast("dict[str, Tensor]", tensors))
