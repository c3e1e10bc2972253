"""Folders of weights in the published layout, with small random networks.

A folder is refused where it is not what its row of the registry says, so the tests that run one
put a row in the place of the published one that differs in the sizes of the networks, and in how
many steps and frames are usual; everything else of the row, and all that reads it, is real.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from tests.models.small import (
    IMAGE_CHANNELS,
    IMAGE_TOKENS,
    PER_FRAME,
    TEXT,
    TEXT_TO_VIDEO,
    TWO_IMAGES,
    VAE_21,
    VAE_22,
    randomised,
    text_encoder,
    transformer,
    vae,
)
from tokenizers import Tokenizer, models, pre_tokenizers

from kinema.models import registry
from kinema.models.configs import TextConfig
from kinema.models.loading import native_fields, tensors
from kinema.models.registry import ModelSpec
from kinema.types import Size
from kinema.weights.foreign import save_pipeline
from kinema.weights.keys import Part

_WORDS: Final = ["<pad>", "</s>", "<unk>", "a", "red", "fox", "duck", "walks", "swims", "snow"]
_NETWORKS: Final = {
    "wan2.1-t2v-1.3b": (TEXT_TO_VIDEO, VAE_21),
    "wan2.2-ti2v-5b": (PER_FRAME, VAE_22),
    "wan2.2-t2v-a14b": (TEXT_TO_VIDEO, VAE_21),
    "wan2.2-i2v-a14b": (IMAGE_CHANNELS, VAE_21),
    "wan2.1-i2v-14b": (IMAGE_TOKENS, VAE_21),
    "wan2.1-flf2v-14b": (TWO_IMAGES, VAE_21),
}
_TEXT: Final[TextConfig] = replace(TEXT, width=TEXT_TO_VIDEO.text_width)


def small(name: str) -> ModelSpec:
    """A row of the registry with small networks and a short, small, quick clip as the usual one."""
    row = registry.model(name)
    network, codec = _NETWORKS[name]
    usual = replace(row.defaults, sizes=(Size(width=128, height=128),), frames=9, steps=2)
    return replace(row, transformer=network, vae=codec, text=_TEXT, defaults=usual)


def install(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the small row the one of that name, and write its folder where there is none yet."""
    spec = small(name)
    monkeypatch.setitem(registry._MODELS, name, spec)  # pyright: ignore[reportPrivateUsage]
    if not folder.exists():
        save(spec, folder)
    return folder


def save(spec: ModelSpec, folder: Path) -> None:
    """Write the model as its authors publish it, with random weights."""
    networks = {
        Part.TRANSFORMER: (spec.transformer, transformer(spec.transformer)),
        Part.VAE: (spec.vae, vae(spec.vae)),
        Part.TEXT: (spec.text, text_encoder(spec.text)),
    }
    if spec.boundary is not None:
        networks[Part.LOW] = (spec.transformer, transformer(spec.transformer, seed=1))
    parts = {
        part: (native_fields(config), tensors(net)) for part, (config, net) in networks.items()
    }
    save_pipeline(folder, parts, shift=spec.defaults.shift, boundary=spec.boundary)
    vocabulary = {word: i for i, word in enumerate(_WORDS)}
    table = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    table.pre_tokenizer = pre_tokenizers.Whitespace()
    (folder / "tokenizer").mkdir()
    table.save(str(folder / "tokenizer" / "tokenizer.json"))
    if spec.transformer.image_width is not None:
        _save_image_encoder(spec.transformer.image_width, folder / "image_encoder")


def _save_image_encoder(width: int, folder: Path) -> None:
    from transformers import CLIPVisionConfig, CLIPVisionModel

    config = CLIPVisionConfig(
        hidden_size=width,
        intermediate_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=224,
        patch_size=14,
    )
    randomised(CLIPVisionModel(config)).save_pretrained(folder)
