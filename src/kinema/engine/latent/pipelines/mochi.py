"""Mochi 1: a network whose clock runs from noise to clean, and whose answer points that way."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import Tensor

from kinema.engine.latent.pipelines.family import Arrays, Cells, Family, levels_of
from kinema.engine.latent.pipelines.spacing import linear_quadratic
from kinema.sample.schedule import Schedule


class Mochi(Family):
    """The network of `MochiPipeline`."""

    def embed(self, pipeline: Any, text: str) -> Arrays:
        """``text`` (1, M, W) and ``mask`` (1, M)."""
        text_1MW, mask_1M, *_ = pipeline.encode_prompt(
            text, do_classifier_free_guidance=False, device=self.device
        )
        return {"text": text_1MW, "mask": mask_1M}

    def velocity(self, latent_BCTHW: Tensor, sigma: Tensor, prompt: Arrays) -> Tensor:
        """The answer turned round."""
        network = self.network
        return -network(
            hidden_states=latent_BCTHW.to(network.dtype),
            encoder_hidden_states=prompt["text"],
            timestep=self.timesteps(1.0 - sigma, len(latent_BCTHW)).to(network.dtype),
            encoder_attention_mask=prompt["mask"],
            return_dict=False,
        )[0]

    def levels(self, steps: int, cells: Cells) -> Schedule:
        """Half of the steps in the noisiest fortieth."""
        del cells
        return levels_of(self.pipeline.scheduler, sigmas=np.array(linear_quadratic(steps)))
