"""A short measurement of how fast this machine runs a model: one block, and a few cells decoded."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Mapping
from typing import Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kinema.engine.latent.pace import Pace, key
from kinema.engine.latent.work import Shape, decode_operations, forward_operations
from kinema.models.dit import Block, Context, WanTransformer
from kinema.models.registry import ModelSpec
from kinema.models.vae import WanVae

FRAMES: Final = (1, 4)
"""Latent frames of the two clips that one block is tried on: attention is a larger share of the
longer one, which tells its rate from that of the products."""

SIDE: Final = 32
"""Rows and columns of latent cells of those clips."""

DECODED: Final = (3, 4, 4)
"""Shape of the latent that is decoded."""

_TIMES: Final = 2


def probe(
    spec: ModelSpec,
    network: WanTransformer,
    vae: WanVae,
    read: Callable[[int], Mapping[str, Tensor]],
    budget: int,
) -> Pace:
    """Measure.

    Args:
        spec: The model.
        network: Its transformer, of which only the first block runs.
        vae: Its autoencoder.
        read: Reads the weights of a block from where they lie.
        budget: Bytes of memory that runs may use; goes into the answer.

    Cost:
        Six passes through one block, the longest of 1024 tokens; nine small pictures decoded three
        times; the weights of three blocks read. On two cores some seconds for the largest models.
    """
    weight = network.patch_out.weight
    began = time.perf_counter()
    last = [tensor.clone() for tensor in read(len(network.blocks) - 1).values()]
    reading = sum(tensor.nbytes for tensor in last) / (time.perf_counter() - began)
    with torch.inference_mode():
        context = _one_block(network)
        work = [forward_operations(spec.transformer, (frames, SIDE, SIDE)) for frames in FRAMES]
        # One block stands for all.
        taken = [_forward(network, (frames, SIDE, SIDE), context) for frames in FRAMES]
        counts = np.array([[one.products, one.attention] for one in work])
        products, attention = _rates(counts, np.array(taken) * spec.transformer.depth)
        latent = torch.zeros(1, spec.vae.channels, *DECODED, device=weight.device)
        seconds = _best(lambda: [*vae.decode_iter(latent, DECODED[0])], weight.device)
    decoded = decode_operations(spec.vae, DECODED)
    return Pace(
        model=key(spec),
        machine=machine(weight.device),
        itemsize=weight.element_size(),
        budget=budget,
        products=products,
        attention=attention,
        decoding=(decoded.products + decoded.attention) / seconds,
        reading=reading,
    )


def machine(device: torch.device) -> str:
    """What the device is called, for people."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{platform.machine()} with {torch.get_num_threads()} threads"


def wait_for(device: torch.device) -> Callable[[], None]:
    """What returns once the device has done all that it was told."""
    if device.type == "cuda":
        return lambda: torch.cuda.synchronize(device)
    return lambda: None


def _one_block(network: WanTransformer) -> Context:
    """A prompt as the first block sees it, in the place of all."""
    config, like = network.config, network.text_in.up.weight
    text = network.text_in(like.new_zeros(1, config.text_tokens, config.text_width))
    image = None
    if network.image_in is not None and config.image_width is not None:
        image = network.image_in(like.new_zeros(1, config.image_tokens or 257, config.image_width))
    first = cast("Block", network.blocks[0])
    return Context((first.cross_attn.keys(text, image),) * config.depth)


def _forward(network: WanTransformer, shape: Shape, context: Context) -> float:
    weight, others = network.patch_out.weight, range(1, network.config.depth)
    latent = weight.new_zeros(1, network.config.channels_in, *shape)
    return _best(lambda: network(latent, 0.5, context, skip=others), weight.device)


def _best(work: Callable[[], object], device: torch.device) -> float:
    """Seconds of the quickest of some turns, after one to warm up."""
    wait = wait_for(device)
    work()
    taken: list[float] = []
    for _ in range(_TIMES):
        wait()
        began = time.perf_counter()
        work()
        wait()
        taken.append(time.perf_counter() - began)
    return min(taken)


def _rates(counts: NDArray[np.float64], seconds: NDArray[np.float64]) -> tuple[float, float]:
    """Operations a second of the two kinds; one rate for both where noise hides the difference."""
    slowness = np.linalg.solve(counts, seconds)
    if float(slowness.min()) <= 0.0:
        rate = float(counts[-1].sum() / seconds[-1])
        return rate, rate
    return float(1.0 / slowness[0]), float(1.0 / slowness[1])
