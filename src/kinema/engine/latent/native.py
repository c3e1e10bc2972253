"""Our own networks of the Wan family, loaded from a folder and put behind the engine's protocol."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import torch
from msgspec import structs
from torch import Tensor

from kinema.engine.cards.steps import steps_by_quality
from kinema.engine.latent.codec import WanCodec
from kinema.engine.latent.denoiser import WanDenoiser
from kinema.engine.latent.image_encoder import ImageEncoder
from kinema.engine.latent.memory import (
    BATCHED_TOKENS,
    SHARE,
    free_memory,
    latent_shape,
    plan_memory,
    window,
)
from kinema.engine.latent.pace import Clock, keep, known
from kinema.engine.latent.probe import probe, wait_for
from kinema.engine.latent.protocol import LatentModel, Recipe
from kinema.engine.latent.room import Room
from kinema.engine.latent.streaming import BlockStream, ReadBlock, kept_on_host
from kinema.engine.latent.text_side import WanText
from kinema.engine.latent.work import block_parameters, tokens
from kinema.errors import TooLittleMemory
from kinema.models.dit import WanTransformer
from kinema.models.experts import Experts
from kinema.models.loading import Networks, native_fields, shapes
from kinema.models.loading import load as load_networks
from kinema.models.registry import ImageRoad, ModelSpec, model
from kinema.ops.attention import fastest
from kinema.ops.conv import clips_are_right
from kinema.ops.cpu import keep_freed_memory
from kinema.sample.schedule import Table
from kinema.weights import lora
from kinema.weights.keys import Part
from kinema.weights.manifest import sha256

PACKAGES: Final = ("torch",)
"""Distributions whose versions decide what the pictures look like."""

_PARTS: Final = (Part.TRANSFORMER, Part.LOW)


def load(
    name: str,
    folder: Path,
    *,
    device: torch.device | str | None = None,
    dtype: torch.dtype | None = None,
    budget: int | None = None,
    loras: Sequence[tuple[Path, float]] = (),
) -> LatentModel:
    """Load a model of the registry from its folder, in any layout.

    What is always needed is loaded now, the blocks of the transformers when they first work. Where
    they do not all fit into the budget, some are read again in every step. The text encoder is
    loaded for the prompts of a clip, and stays where there is room.

    Args:
        name: A row of `models.registry`.
        folder: The user's weights.
        device: Where it computes; None for the GPU where there is one.
        dtype: Of the weights; None for bfloat16 where the device computes with it, else float32.
        budget: Bytes of the device's memory that may be used; None for most of what is free.
        loras: Files of small changes, each with its weight, laid on the transformers.

    Raises:
        UnknownModel: There is no such row.
        WeightsError: A network is missing, of another model, incomplete, truncated, or under
            another licence.
        TooLittleMemory: Not even the smallest clip fits.

    Cost:
        Seconds; on a machine that never ran this model a few more, to measure its pace.
    """
    return load_spec(model(name), folder, device=device, dtype=dtype, budget=budget, loras=loras)


def load_spec(
    spec: ModelSpec,
    folder: Path,
    *,
    device: torch.device | str | None = None,
    dtype: torch.dtype | None = None,
    budget: int | None = None,
    loras: Sequence[tuple[Path, float]] = (),
) -> LatentModel:
    """The same for a model that is in no registry."""
    place = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    kind = dtype or fitting_dtype(place)
    if place.type == "cpu":
        keep_freed_memory()
    budget = _free(place) if budget is None else budget
    networks = load_networks(
        spec, folder, dtype=kind, device=place, with_text=False, with_blocks=False
    )
    pair = _each(networks.transformer)
    reads = [
        laid(network, part, read, loras)
        for network, part, read in zip(pair, _PARTS, networks.blocks, strict=False)
    ]
    if place.type == "cuda" and _better_on_host(spec, budget, kind.itemsize):
        reads = [
            kept_on_host(read, network.blocks, place)
            for network, read in zip(pair, reads, strict=True)
        ]
    streams = [
        BlockStream(network.blocks, read, place, early="cross_attn.kv")
        for network, read in zip(pair, reads, strict=True)
    ]
    room = Room(spec, budget, kind.itemsize, streams)
    reader = None
    if spec.images is ImageRoad.CHANNELS_AND_TOKENS and spec.transformer.image_width is not None:
        count = 1 if spec.transformer.image_tokens is None else 2
        reader = ImageEncoder(folder, spec.transformer.image_width, count, place, kind)
    _prepare(networks, place, kind)
    pace = known(spec)
    if pace is None or pace.itemsize != kind.itemsize:
        pace = probe(spec, pair[0], networks.vae, reads[0], budget)
    keep(pace := structs.replace(pace, budget=budget))
    clock = Clock(pace, wait_for(place))
    return LatentModel(
        name=spec.name,
        text=WanText(spec, folder, place, kind, room),
        denoiser=WanDenoiser(networks, place, reader, room, clock),
        codec=WanCodec(networks.vae, place, room.for_decoding, clock),
        recipe=recipe(spec),
        multiple=spec.multiple,
        weights=mark(networks.weights, loras),
        packages=PACKAGES,
    )


def recipe(spec: ModelSpec) -> Recipe:
    """How the authors run the model."""
    usual = spec.defaults
    return Recipe(
        table=Table.DIFFUSERS,
        shift=usual.shift,
        steps=steps_by_quality(usual.steps),
        guidance=usual.guidance,
        guidance_low=usual.guidance_low,
        boundary=spec.boundary,
        negative=spec.negative,
        window=window(spec),
        fps=usual.fps,
    )


def laid(
    network: WanTransformer, part: Part, read: ReadBlock, loras: Sequence[tuple[Path, float]]
) -> ReadBlock:
    """Lay LoRAs on a network whose blocks come and go.

    Factors lie beside the layers and stay. Whole differences of a block's weights are added each
    time the block is read.

    Args:
        network: Without its blocks, on its device and in its dtype.
        part: Which of two experts it is.
        read: Reads its blocks.
        loras: Files and weights.

    Returns:
        What reads the changed blocks.

    Raises:
        WeightsError: A file does not fit the network.
    """
    with torch.device("meta"):
        wanted = shapes(WanTransformer(network.config))
    stack, changes = lora.LoraStack(network), list[tuple[lora.Difference, float]]()
    for path, weight in loras:
        found = lora.read(path, part, native_fields(network.config), wanted)
        inside = [one for one in found.differences if one.key.startswith("blocks.")]
        others = tuple(one for one in found.differences if one not in inside)
        stack.add(replace(found, name=str(path), differences=others), weight)
        changes += [(one, weight) for one in inside]
    if not changes:
        return read

    def changed(number: int) -> dict[str, Tensor]:
        tensors, stem = dict(read(number)), f"blocks.{number}."
        for difference, weight in changes:
            if difference.key.startswith(stem):
                name, first = difference.key.removeprefix(stem), difference.first_row
                tensor = tensors[name].clone()
                tensor[first : first + len(difference.delta)] += (
                    difference.delta.float() * weight
                ).to(tensor.dtype)
                tensors[name] = tensor
        return tensors

    return changed


def mark(weights: str, loras: Sequence[tuple[Path, float]]) -> str:
    """Hash of what was loaded, with the LoRAs that lie on it."""
    if not loras:
        return weights
    said = [weights, *(f"{sha256(path)} {weight}" for path, weight in loras)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _each(network: WanTransformer | Experts) -> tuple[WanTransformer, ...]:
    return (network.high, network.low) if isinstance(network, Experts) else (network,)


def _free(device: torch.device) -> int:
    """The share of free memory that may be used."""
    free = torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else free_memory()
    return int(SHARE * free)


def _better_on_host(spec: ModelSpec, budget: int, itemsize: int) -> bool:
    """Whether blocks will be read again and again, and the host has the memory to keep them."""
    experts = 1 if spec.boundary is None else 2
    total = experts * spec.transformer.depth * block_parameters(spec.transformer) * itemsize
    usual = spec.defaults
    try:
        again = plan_memory(spec, usual.sizes[0], usual.frames, budget, itemsize=itemsize).streamed
    except TooLittleMemory:
        again = True
    return (again or experts > 1) and total < SHARE * free_memory()


def _prepare(networks: Networks, device: torch.device, dtype: torch.dtype) -> None:
    """What makes the networks fast on this device, and a check that it computes rightly."""
    vae, config = networks.vae, networks.spec.transformer
    if dtype is torch.bfloat16 and clips_are_right(device, dtype):
        vae.channels_last()
    usual = networks.spec.defaults
    shape = latent_shape(networks.spec, usual.sizes[0], usual.frames)
    backend = fastest(
        device,
        dtype,
        # How kernels rank is settled long before a CPU needs a minute for one attention.
        tokens=min(tokens(config, shape), 1024 if device.type == "cpu" else 4 * BATCHED_TOKENS),
        heads=config.heads,
        head_width=config.head_width,
    )
    for network in _each(networks.transformer):
        network.use_attention(backend)


def fitting_dtype(device: torch.device) -> torch.dtype:
    """Bfloat16 where it is as fast as float32 or faster."""
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    quick = torch.backends.cpu.get_cpu_capability() == "AVX512"
    return (
        torch.bfloat16 if quick and torch.ops.mkldnn._is_mkldnn_bf16_supported() else torch.float32
    )
