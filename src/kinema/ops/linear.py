"""Linear layers with what follows them.

Shape legend for this file:
    ... = any axes, D = features in, E = features out.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from kinema.ops.kernels import fused


def activated(layer: nn.Linear, activation: nn.Module, x: Tensor) -> Tensor:
    """A linear layer and its activation: ``activation(layer(x))``, (..., D) to (..., E).

    On a GPU the tanh GELU is taken while the product is still in registers, which saves writing
    the widest tensor of a transformer and reading it again. A layer with hooks, such as the side
    matrices of a LoRA, is called plainly: they change the product before the activation.
    """
    if x.is_cuda and _takes_gelu(layer, activation) and fused(x, layer.weight, layer.bias):
        product = torch.ops.aten._addmm_activation(
            layer.bias, x.flatten(0, -2), layer.weight.t(), use_gelu=True
        )
        return product.unflatten(0, x.shape[:-1])
    return activation(layer(x))


def _takes_gelu(layer: nn.Linear, activation: nn.Module) -> bool:
    is_tanh_gelu = isinstance(activation, nn.GELU) and activation.approximate == "tanh"
    return is_tanh_gelu and layer.bias is not None and not layer._forward_hooks
