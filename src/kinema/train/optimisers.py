"""Muon for the matrices of hidden layers, AdamW for everything else, and the pace of both.

Source:
    Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks"; scale of the
    updates as in Liu et al. 2025, arXiv:2502.16982, section 2.2, so that one rate serves both.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import AdamW, Optimizer

from kinema.train import world
from kinema.train.config import OptimConfig

_FUSED = {"qkv": 3, "kv": 2, "time_rows": 6}
_NEWTON = (3.4445, -4.7750, 2.0315)


class Muon(Optimizer):
    """Momentum, made orthogonal.

    Args:
        groups: Dictionaries of ``params``, matrices all, and ``pieces``: how many matrices lie
            in one, row after row.
        rate: As it would be for AdamW.
        momentum: Of the gradients, Nesterov's.
        weight_decay: Taken off each step, times the rate.
    """

    def __init__(
        self, groups: Iterable[dict[str, Any]], rate: float, momentum: float, weight_decay: float
    ) -> None:
        defaults = {"lr": rate, "momentum": momentum, "weight_decay": weight_decay, "pieces": 1}
        super().__init__(groups, defaults)

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]  # noqa: ARG002
        """One update from the gradients."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                state = self.state[parameter]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(parameter)
                kept = state["momentum"].lerp_(parameter.grad, 1 - group["momentum"])
                ahead = parameter.grad.lerp(kept, group["momentum"])
                parts = [orthogonal(part) for part in world.whole(ahead).chunk(group["pieces"])]
                scale = 0.2 * max(parts[0].shape) ** 0.5
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                moved = world.cut_like(torch.cat(parts), parameter)
                parameter.add_(moved, alpha=-group["lr"] * scale)


def orthogonal(matrix: Tensor) -> Tensor:
    """The nearest matrix whose singular values are all about 1, by five steps of Newton-Schulz."""
    a, b, c = _NEWTON
    tall = matrix.shape[0] > matrix.shape[1]
    x = (matrix.T if tall else matrix).to(torch.bfloat16 if matrix.is_cuda else torch.float32)
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        square = x @ x.T
        x = a * x + (b * square + c * square @ square) @ x
    return (x.T if tall else x).to(matrix.dtype)


def optimisers_of(networks: nn.Module, config: OptimConfig) -> list[Optimizer]:
    """The optimisers of all parameters that want a gradient."""
    matrices: dict[int, list[nn.Parameter]] = {}
    decayed: list[nn.Parameter] = []
    plain: list[nn.Parameter] = []
    for name, parameter in networks.named_parameters():
        if not parameter.requires_grad:
            continue
        if config.muon and parameter.ndim == 2 and ".blocks." in name and "modulation" not in name:
            module = name.split(".")[-2]
            matrices.setdefault(_FUSED.get(module, 1), []).append(parameter)
        else:
            (decayed if parameter.ndim > 1 else plain).append(parameter)
    groups = [
        {"params": decayed, "weight_decay": config.weight_decay},
        {"params": plain, "weight_decay": 0.0},
    ]
    found: list[Optimizer] = [AdamW(groups, config.rate, (0.9, 0.95))]
    if matrices:
        pieces = [{"params": found, "pieces": count} for count, found in matrices.items()]
        found.append(Muon(pieces, config.rate, 0.95, config.weight_decay))
    return found


def pace(step: int, steps: int, config: OptimConfig, warm_from: int = 0) -> float:
    """Share of the rate at a step: up over ``warm_up`` from ``warm_from`` on, down at the end."""
    up = min(1.0, (step - warm_from + 1) / max(config.warm_up, 1))
    left = (steps - step) / max(config.decay * steps, 1.0)
    return max(0.0, min(up, left, 1.0))
