"""Small models of the Wan family as folders: those of the command line's tests, and those with an
image encoder, which need its folder as well."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.cli import small_weights
from tests.models.small import IMAGE_TOKENS, TEXT, TWO_IMAGES, VAE_21, randomised

from kinema.models import registry
from kinema.models.configs import DiTConfig
from kinema.models.registry import ModelSpec

SEEING = {"wan2.1-i2v-14b": IMAGE_TOKENS, "wan2.1-flf2v-14b": TWO_IMAGES}
NAMES = [
    "wan2.1-t2v-1.3b", "wan2.1-i2v-14b", "wan2.1-flf2v-14b", "wan2.2-ti2v-5b", "wan2.2-t2v-a14b",
    "wan2.2-i2v-a14b",
]  # fmt: skip


def spec(name: str) -> ModelSpec:
    """A row of the registry with small networks."""
    if name not in SEEING:
        return small_weights.small(name)
    like = small_weights.small("wan2.2-i2v-a14b")
    row = registry.model(name)
    usual = replace(row.defaults, sizes=like.defaults.sizes, frames=9, steps=2)
    network: DiTConfig = SEEING[name]
    return replace(row, transformer=network, vae=VAE_21, text=like.text, defaults=usual)


def install(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the small row the one of that name, and write its folder where there is none yet."""
    made = spec(name)
    monkeypatch.setitem(registry._MODELS, name, made)
    if not folder.exists():
        small_weights.save(made, folder)
        if name in SEEING:
            seer().save_pretrained(folder / "image_encoder")
    return folder


def seer(width: int = 20) -> Any:
    """An image encoder of 16 x 16 patches, 257 tokens as the real one."""
    from transformers import CLIPVisionConfig, CLIPVisionModel

    config = CLIPVisionConfig(
        hidden_size=width, intermediate_size=32, num_hidden_layers=3, num_attention_heads=2,
        image_size=32, patch_size=2,
    )  # fmt: skip
    torch.manual_seed(0)
    return randomised(CLIPVisionModel(config))


assert TEXT.depth > 2, "two layers are always there: with fewer nothing would be streamed"
