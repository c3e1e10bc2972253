"""Our own model behind the engine's protocol, computed by torch.

It is told more of a run than others: a noise level for each frame or cell, how large the steps are,
and how strongly it is to follow the prompt. So given frames are simply clean, a guided step is one
pass, and one set of weights does every task.

Shape legend for this file:
    B = clips in the batch, C = latent channels, T = latent frames, H, W = latent rows and columns,
    M = tokens of a prompt.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any, Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import max_pool2d

from kinema.engine.cards.own import FPS, FRAMES
from kinema.engine.latent.codec import WanCodec
from kinema.engine.latent.native import fitting_dtype, mark
from kinema.engine.latent.own_recipe import ToldTransformer, in_pieces, recipe, step_class
from kinema.engine.latent.protocol import Abilities, Embedding, LatentModel, Prompt, Setting
from kinema.engine.latent.work import tokens
from kinema.models.autoencoder import Memory
from kinema.models.captions import CaptionAdapter, HashedWords, MiniLm
from kinema.models.configs import RATE
from kinema.models.dit import Context, Extra, WanTransformer
from kinema.models.loading import native_fields, shapes
from kinema.models.own import OwnNetworks
from kinema.models.own import load as load_networks
from kinema.ops.attention import fastest
from kinema.ops.cpu import keep_freed_memory
from kinema.sample.arrays import Array
from kinema.weights import lora
from kinema.weights.keys import Part
from kinema.weights.lora import LoraStack

PACKAGES: Final = ("torch", "onnxruntime")
"""Distributions whose versions decide what the pictures look like."""


def load(
    name: str,
    folder: Path,
    *,
    device: torch.device | str | None = None,
    dtype: torch.dtype | None = None,
    loras: Sequence[tuple[Path, float]] = (),
) -> LatentModel:
    """Load the model by torch; see `storybook.load`.

    Args:
        name: Of the model, for its clips.
        folder: Its weights.
        device: Where it computes; None for the GPU where there is one.
        dtype: Of the weights; None for bfloat16 where the device computes with it, else float32.
        loras: Files of small changes of the transformer, each with its weight.

    Raises:
        WeightsError: The folder or a LoRA is another's, or broken.
        MissingPart: What reads prompts is not installed.

    Cost:
        A second.
    """
    place = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    kind = dtype or fitting_dtype(place)
    if place.type == "cpu":
        keep_freed_memory()
    networks = load_networks(folder, kind, place)
    config = networks.transformer.config
    usual = tokens(config, (1 + (FRAMES - 1) // RATE, 16, 16))
    networks.transformer.use_attention(
        fastest(place, kind, tokens=usual, heads=config.heads, head_width=config.head_width)
    )
    stack = LoraStack(networks.transformer)
    for path, weight in loras:
        wanted = shapes(networks.transformer)
        found = lora.read(path, Part.TRANSFORMER, native_fields(config), wanted)
        stack.add(replace(found, name=str(path)), weight)
    return LatentModel(
        name=name,
        text=OwnText(networks.words),
        denoiser=OwnDenoiser(networks, place),
        codec=WanCodec(networks.vae, place, in_pieces, stream=Memory),
        recipe=recipe(few_steps=networks.few_steps),
        multiple=networks.vae.config.cell * config.patch[-1],
        weights=mark(networks.weights, loras),
        packages=PACKAGES,
    )


class OwnText:
    """Prompts as the text side says them; an empty one is what stands for nothing said."""

    def __init__(self, words: CaptionAdapter) -> None:
        self._words = words
        settings = words.config
        hashed = HashedWords(settings.vocabulary, settings.tokens)
        self._cut = MiniLm(settings.tokens) if settings.frozen else hashed

    def embed(self, texts: Sequence[str]) -> list[Embedding]:
        """One embedding a text, ``text`` (M, W); tokens behind the longest caption are cut."""
        with torch.inference_mode():
            return [{"text": self._said(text).float().cpu().numpy()} for text in texts]

    def _said(self, text: str) -> Tensor:
        if not text.strip():
            return self._words.nothing(1)[0]
        return self._words(self._cut([text]).to(self._words.null.device))[0]


@dataclass(frozen=True, slots=True)
class _Told:
    """A prompt's keys and values, and what the network is told with them."""

    context: Context
    extra: Extra


class OwnDenoiser(ToldTransformer):
    """The transformer. Answers one call at a time."""

    def __init__(self, networks: OwnNetworks, device: torch.device) -> None:
        config = networks.transformer.config
        self.abilities = Abilities(
            levels_by_frame=True, levels_by_cell=True, told=True, blocks=config.depth
        )
        self._network: WanTransformer = networks.transformer
        super().__init__(few_steps=networks.few_steps)
        self._device = device
        self._lock = Lock()

    def device_array(self, values: NDArray[Any]) -> Array:
        """Host values as a float32 tensor on the device."""
        return torch.as_tensor(np.array(values, np.float32)).to(self._device)

    def told(self, text: Embedding, setting: Setting) -> Prompt:
        """The prompt, and what the network is told of the run: frame rate, steps, guidance."""
        dtype, device = self._network.text_in.up.weight.dtype, self._device
        text_1MW = torch.as_tensor(np.asarray(text["text"]))[None].to(device, dtype)
        extra = Extra(fps_B=torch.full((1,), float(FPS), device=device))
        if self.passes(setting.steps) == 1:
            classes_B = torch.full((1,), step_class(setting.steps), device=device)
            guidance_B = torch.full((1,), setting.guidance, device=device)
            extra = Extra(fps_B=extra.fps_B, step_size_B=classes_B, guidance_B=guidance_B)
        with torch.inference_mode():
            return _Told(self._network.context(text_1MW), extra)

    def velocities(
        self,
        latent_BCTHW: Array,
        sigma: float | Array,
        prompts: Sequence[Prompt],
        *,
        given_BGTHW: Array | None = None,
        frames: range | None = None,  # noqa: ARG002 - positions count from 0 in every window
        skip: Collection[int] = (),
    ) -> list[Array]:
        """The velocity under each prompt, one pass each."""
        if given_BGTHW is not None:
            raise ValueError("this model takes no given channels")
        batch = len(latent_BCTHW)
        level = _by_token(sigma) if isinstance(sigma, Tensor) else sigma
        answers: list[Array] = []
        with self._lock, torch.inference_mode():
            for prompt in cast("Sequence[_Told]", prompts):
                context, extra = prompt.context, prompt.extra
                if batch > 1:
                    context = Context.stack([context] * batch)
                    extra = Extra(*(_repeated(one, batch) for one in _values(extra)))
                answers.append(
                    self._network(latent_BCTHW, level, context, extra=extra, skip=skip).float()
                )
        return answers

    def given_channels(self, known_BCTHW: Array, given_TR: NDArray[np.bool_]) -> Array:
        """There are none: raises `ValueError`."""
        del known_BCTHW, given_TR
        raise ValueError("this model takes no given channels")


def _by_token(sigma: Tensor) -> Tensor:
    """Levels of frames (B, T) as they are; of cells (B, T, H, W) the highest of each token."""
    if sigma.ndim < 4:
        return sigma.double()
    return max_pool2d(sigma.double(), 2).flatten(1)


def _values(extra: Extra) -> tuple[Tensor | None, ...]:
    return (extra.step_size_B, extra.guidance_B, extra.fps_B)


def _repeated(one: Tensor | None, batch: int) -> Tensor | None:
    return None if one is None else one.expand(batch)
