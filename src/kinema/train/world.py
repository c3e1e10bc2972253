"""One run on several GPUs, under ``torchrun``: the transformer in shards (FSDP2).

Its weights, gradients, average and optimiser states are cut by rows over the processes; what is
small, the text side and the autoencoder, is whole on each. Every process draws clips of its own.
Checkpoints are whole, so that a run may go on with another number of processes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.fsdp import fully_shard, register_fsdp_forward_method
from torch.distributed.tensor import DTensor, distribute_tensor

from kinema.models.dit import WanTransformer


def joined() -> tuple[int, int]:
    """This process's number and how many there are; (0, 1) without ``torchrun``."""
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count > 1 and not dist.is_initialized():
        on_gpu = torch.cuda.is_available()
        dist.init_process_group("nccl" if on_gpu else "gloo")
        if on_gpu:
            torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    return int(os.environ.get("RANK", "0")), count


def shard(network: WanTransformer) -> None:
    """Cut a transformer over all processes, in place.

    As one group: prompts are made ready outside of the forward pass, by every block.
    """
    fully_shard(network, reshard_after_forward=False)
    register_fsdp_forward_method(network, "context")


def whole(value: Any) -> Any:
    """Tensors, also inside dictionaries and lists, put together; all processes must ask."""
    if isinstance(value, DTensor):
        return value.full_tensor()
    if isinstance(value, dict):
        return {key: whole(one) for key, one in value.items()}
    return [whole(one) for one in value] if isinstance(value, list) else value


def cut_like(value: Tensor, like: Tensor) -> Tensor:
    """A whole tensor in shards as ``like`` is; as it is where that is whole."""
    if not isinstance(like, DTensor) or isinstance(value, DTensor) or value.shape != like.shape:
        return value
    return distribute_tensor(value.to(like.device), like.device_mesh, like.placements)


def average_gradients(parameters: Iterable[nn.Parameter], count: int) -> None:
    """The mean over all processes of gradients that no shard has averaged."""
    for parameter in parameters:
        if parameter.grad is not None and not isinstance(parameter.grad, DTensor):
            dist.all_reduce(parameter.grad)
            parameter.grad /= count


def clipped(parameters: list[nn.Parameter], limit: float) -> float:
    """`clip_grad_norm_` over shards and whole gradients together; returns the norm."""
    gradients = [p.grad for p in parameters if p.grad is not None]
    squares = [whole(gradient.square().sum()) for gradient in gradients]
    norm = float(torch.stack([one.float() for one in squares]).sum().sqrt())
    if norm > limit:
        for gradient in gradients:
            gradient.mul_(limit / (norm + 1e-6))
    return norm


def mean_of(value: float, device: torch.device) -> float:
    """The mean over all processes; no number where one of them has none."""
    shared = torch.tensor(value, dtype=torch.float64, device=device)
    dist.all_reduce(shared)
    return float(shared) / dist.get_world_size()
