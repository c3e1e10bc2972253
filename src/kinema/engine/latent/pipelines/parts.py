"""The three protocols of a latent model, answered by any `Family`.

Shape legend for this file:
    B = clips in the batch, C = latent channels, T = latent frames, H, W = latent rows and columns.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kinema.engine.adapters import Picture
from kinema.engine.cards.folders import PipelineFacts
from kinema.engine.latent.pipelines.family import Family
from kinema.engine.latent.protocol import Abilities, Embedding, Prompt
from kinema.engine.latent.rough import Rough
from kinema.sample.arrays import Array


class PipelineText:
    """The text side: see `protocol.TextSide`.

    Args:
        family: How a prompt is embedded.
        completed: Gives the family's pipeline with text encoders, which stay as long as it does.
    """

    def __init__(self, family: Family, completed: Callable[[], Any]) -> None:
        self._family = family
        self._completed = completed

    def embed(self, texts: Sequence[str]) -> list[Embedding]:
        """One embedding a text; the text encoders are loaded for the call, and dropped after it."""
        pipeline = self._completed()
        with torch.no_grad():
            return [self._family.kept(self._family.embed(pipeline, text)) for text in texts]


class PipelineDenoiser:
    """The network at the velocity level: see `protocol.Denoiser`."""

    def __init__(self, family: Family) -> None:
        facts = family.facts
        self.abilities = Abilities(levels_by_frame=facts.by_frame, first_alone=facts.first_alone)
        self._family = family

    def device_array(self, values: NDArray[Any]) -> Array:
        """Host values as a float32 tensor on the device."""
        host = np.ascontiguousarray(values, dtype=np.float32)
        return torch.tensor(host, device=self._family.device)  # a copy, even on the CPU

    def prepare(self, text: Embedding, pictures: Sequence[Picture] = ()) -> Prompt:
        """The embedding on the device; these families look at no pictures."""
        if pictures:
            raise ValueError("this model has no image encoder")
        return self._family.ready(text)

    def velocities(
        self,
        latent_BCTHW: Array,
        sigma: float | Array,
        prompts: Sequence[Prompt],
        *,
        given_BGTHW: Array | None = None,
        frames: range | None = None,
        skip: Collection[int] = (),
    ) -> list[Array]:
        """The velocity under each prompt, one call of the network each.

        ``frames`` changes nothing: positions count from 0 in every window, and rotary positions,
        which all these networks but the oldest have, only compare.
        """
        del frames
        if given_BGTHW is not None or skip:
            raise ValueError("this model takes neither given channels nor blocks to leave out")
        level = torch.as_tensor(sigma, dtype=torch.float64)
        batch = len(latent_BCTHW)
        with torch.no_grad():
            return [
                self._family.velocity(latent_BCTHW, level, _repeated(prompt, batch)).float()
                for prompt in prompts
            ]

    def given_channels(self, known_BCTHW: Array, given_TR: NDArray[np.bool_]) -> Array:
        """None of these networks has such channels: raises `ValueError`."""
        del known_BCTHW, given_TR
        raise ValueError("this model takes no given channels")


class PipelineCodec:
    """The autoencoder: see `protocol.Codec`.

    Cost:
        These autoencoders work on whole clips, so memory grows with the clip. Where the device has
        not enough of it, the same is done again in tiles, whose seams are blended.
    """

    def __init__(self, family: Family) -> None:
        facts: PipelineFacts = family.facts
        self.channels, self.rate, self.cell = facts.channels, facts.rate, facts.cell
        self._first_alone = facts.first_alone
        self._family = family
        self._rough: Rough | None = None

    def encode(self, pictures: Iterable[Picture]) -> Array:
        """The most likely latent of the pictures, (1, C, T, H, W), float32.

        Raises:
            ValueError: The count or the size does not fit.
        """
        frames_THWC = np.stack(list(pictures))
        count, rows, columns, _ = frames_THWC.shape
        if (count - self._first_alone) % self.rate or rows % self.cell or columns % self.cell:
            raise ValueError(f"{count} pictures of {columns}x{rows} are no whole number of cells")
        vae = self._family.pipeline.vae
        video = torch.as_tensor(frames_THWC).permute(3, 0, 1, 2)[None]
        video = (video.to(self._family.device, torch.float32) / 127.5 - 1.0).to(vae.dtype)
        with torch.no_grad():
            latent = self._whole_or_tiled(lambda: vae.encode(video).latent_dist.mode())
        mean, scale = _statistics(vae, latent)
        return (latent.float() - mean) / scale

    def decode(self, latent_1CTHW: Array) -> Iterator[Picture]:
        """The clip's pictures."""
        for frame_3HW in self.decode_floats(latent_1CTHW)[0].unbind(1):
            picture = (frame_3HW * 255.0).round().to(torch.uint8)
            yield picture.permute(1, 2, 0).cpu().numpy()

    def decode_floats(self, latent_1CTHW: Array) -> Tensor:
        """The clip's pictures before they are rounded: (1, 3, frames, rows, columns) in [0, 1]."""
        vae = self._family.pipeline.vae
        mean, scale = _statistics(vae, latent_1CTHW)
        latent = (latent_1CTHW * scale + mean).to(vae.dtype)
        with torch.no_grad():
            video = self._whole_or_tiled(lambda: self._family.decoded(latent))
        return (video.float() / 2.0 + 0.5).clamp(0.0, 1.0)

    def rough(self, latent_1CTHW: Array) -> list[Picture]:
        """A small picture of each latent frame; the first call fits the map, one short encode."""
        if self._rough is None:
            self._rough = Rough.fitted(
                self.encode, self.cell, 1 if self._first_alone else self.rate
            )
        return self._rough.pictures(latent_1CTHW)

    def _whole_or_tiled(self, work: Any) -> Tensor:
        try:
            return work()
        except torch.OutOfMemoryError:
            self._family.pipeline.vae.enable_tiling()
            torch.cuda.empty_cache()
            return work()


def _repeated(prompt: Prompt, batch: int) -> dict[str, Tensor]:
    return {name: array.expand(batch, *array.shape[1:]) for name, array in prompt.items()}


def _statistics(vae: Any, like: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and scale of each channel: what the decoder wants is ``latent * scale + mean``."""

    def found(name: str, otherwise: float) -> Tensor:
        stated = vae.config.get(name)
        if stated is None:
            stated = getattr(vae, name, None)
        values = torch.as_tensor(otherwise if stated is None else stated, dtype=torch.float32)
        return values.reshape(1, -1, 1, 1, 1).to(like.device)

    factor = float(vae.config.get("scaling_factor") or 1.0)
    return found("latents_mean", 0.0), found("latents_std", 1.0) / factor
