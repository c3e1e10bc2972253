"""A folder of our own model with small random networks, as `kinema pack` writes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
from tests.engine.latent.bench import Bench
from torch import nn

from kinema.engine.latent import own
from kinema.models.autoencoder import MemoryVae
from kinema.models.captions import CaptionAdapter
from kinema.models.dit import WanTransformer
from kinema.models.own import FEW_STEPS, TRANSFORMER, VAE, WORDS, save
from kinema.recipes import tiny


def networks(seed: int = 0) -> dict[str, nn.Module]:
    """Small networks in which no input says nothing, as some do before training."""
    torch.manual_seed(seed)
    dit = WanTransformer(tiny.DIT)
    for parameter in dit.extra.parameters():
        nn.init.normal_(parameter, std=0.2)
    return {VAE: MemoryVae(tiny.VAE), TRANSFORMER: dit, WORDS: CaptionAdapter(tiny.ADAPTER)}


def folder(place: Path, *, few_steps: bool = True, int8: bool = False) -> Path:
    save(place, networks(), {FEW_STEPS: few_steps, "recipe": "tiny"}, int8=int8)
    return place


def bench(place: Path, *, few_steps: bool = True) -> Bench:
    """The model behind the real adapter; a clip of 17 frames is seen as a whole."""
    weights = folder(place / "weights", few_steps=few_steps)
    model = own.load("storybook", weights, dtype=torch.float32)
    return Bench(replace(model, recipe=replace(model.recipe, window=21)), place)
