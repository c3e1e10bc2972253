"""HunyuanVideo and HunyuanVideo 1.5: two text encoders each, and guidance told to the network.

Shape legend for this file:
    B = clips in the batch, C = latent channels, T = latent frames, H, W = latent rows and columns.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from kinema.engine.latent.pipelines.family import Arrays, Cells, Family, levels_of
from kinema.sample.schedule import Schedule

TOLD_GUIDANCE: Final = 6.0
"""What the pipeline tells a network that was distilled to guide itself."""

PICTURE_TOKENS: Final = 729
"""Tokens of the picture that HunyuanVideo 1.5 always has a place for."""


class Hunyuan(Family):
    """The network of `HunyuanVideoPipeline`: guides itself, so that one call a step is enough."""

    def embed(self, pipeline: Any, text: str) -> Arrays:
        """``text`` (1, M, W), ``mask`` (1, M) and ``pooled`` (1, V)."""
        text_1MW, pooled_1V, mask_1M = pipeline.encode_prompt(text, device=self.device)
        return {"text": text_1MW, "pooled": pooled_1V, "mask": mask_1M}

    def velocity(self, latent_BCTHW: Tensor, sigma: Tensor, prompt: Arrays) -> Tensor:
        """The network's answer as it is."""
        network, batch = self.network, len(latent_BCTHW)
        told = torch.full((batch,), TOLD_GUIDANCE * 1000.0, dtype=network.dtype, device=self.device)
        return network(
            hidden_states=latent_BCTHW.to(network.dtype),
            timestep=self.timesteps(sigma, batch),
            encoder_hidden_states=prompt["text"],
            encoder_attention_mask=prompt["mask"].to(network.dtype),
            pooled_projections=prompt["pooled"],
            guidance=told,
            return_dict=False,
        )[0]

    def levels(self, steps: int, cells: Cells) -> Schedule:
        """Even from 1, shifted as the folder says."""
        del cells
        return _even(self, steps)


class Hunyuan15(Family):
    """The network of `HunyuanVideo15Pipeline`, which also makes clips from a picture."""

    def embed(self, pipeline: Any, text: str) -> Arrays:
        """``text`` and ``mask`` of the prompt, ``letters`` and their mask of words in quotes."""
        found = pipeline.encode_prompt(text, device=self.device, dtype=self.network.dtype)
        return dict(zip(("text", "mask", "letters", "letters_mask"), found, strict=True))

    def velocity(self, latent_BCTHW: Tensor, sigma: Tensor, prompt: Arrays) -> Tensor:
        """The network's answer, no frame being given and no picture shown."""
        network, batch = self.network, len(latent_BCTHW)
        no_frame = torch.zeros_like(latent_BCTHW)
        shown = torch.cat([latent_BCTHW, no_frame, no_frame[:, :1]], 1).to(network.dtype)
        width = network.config.image_embed_dim
        return network(
            hidden_states=shown,
            image_embeds=torch.zeros(
                batch, PICTURE_TOKENS, width, dtype=network.dtype, device=self.device
            ),
            timestep=self.timesteps(sigma, batch).to(network.dtype),
            encoder_hidden_states=prompt["text"],
            encoder_attention_mask=prompt["mask"],
            encoder_hidden_states_2=prompt["letters"],
            encoder_attention_mask_2=prompt["letters_mask"],
            return_dict=False,
        )[0]

    def levels(self, steps: int, cells: Cells) -> Schedule:
        """Even from 1, shifted as the folder says."""
        del cells
        return _even(self, steps)


def _even(family: Family, steps: int) -> Schedule:
    sigmas = np.linspace(1.0, 0.0, steps + 1)[:-1]
    return levels_of(family.pipeline.scheduler, sigmas=sigmas)
