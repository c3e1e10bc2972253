"""LTX-Video: latents as rows of tokens, positions in seconds, a noise level for each token."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from kinema.engine.latent.pipelines.family import Arrays, Cells, Family, levels_of
from kinema.engine.latent.pipelines.spacing import linear_quadratic
from kinema.sample.schedule import Schedule

_LATER: Final = "LTXConditionPipeline"


class Ltx(Family):
    """The network of `LTXPipeline` and of its two siblings that are shown pictures."""

    negative = "worst quality, inconsistent motion, blurry, jittery, distorted"

    def embed(self, pipeline: Any, text: str) -> Arrays:
        """``text`` (1, M, W) and ``mask`` (1, M)."""
        text_1MW, mask_1M, *_ = pipeline.encode_prompt(
            text, do_classifier_free_guidance=False, device=self.device
        )
        return {"text": text_1MW, "mask": mask_1M}

    def velocity(self, latent_BCTHW: Tensor, sigma: Tensor, prompt: Arrays) -> Tensor:
        """The answer, put back from tokens into frames."""
        network, pipeline = self.network, self.pipeline
        frames, rows, columns = latent_BCTHW.shape[2:]
        patch, patch_frames = network.config.patch_size, network.config.patch_size_t
        times = self.timesteps(sigma, len(latent_BCTHW))
        if times.ndim == 2:
            tokens = (rows // patch) * (columns // patch)
            times = times[:, ::patch_frames].repeat_interleave(tokens, 1)
        answer = network(
            hidden_states=pipeline._pack_latents(latent_BCTHW, patch, patch_frames).to(
                network.dtype
            ),
            encoder_hidden_states=prompt["text"],
            timestep=times,
            encoder_attention_mask=prompt["mask"],
            **self._positions(latent_BCTHW),
            return_dict=False,
        )[0]
        return pipeline._unpack_latents(answer, frames, rows, columns, patch, patch_frames)

    def _positions(self, latent_BCTHW: Tensor) -> dict[str, Any]:
        """Where each token lies in seconds and pixels.

        The later generation counts from the pictures that a latent frame stands for, so its second
        frame is one picture behind its first, and not ``rate``.
        """
        frames, rows, columns = latent_BCTHW.shape[2:]
        rate, cell, pipeline = self.facts.rate, self.facts.cell, self.pipeline
        seconds = 1.0 / float(self.facts.default_fps)
        if self.facts.class_name != _LATER:
            scale = (rate * seconds, cell, cell)
            grid = {"num_frames": frames, "height": rows, "width": columns}
            return {**grid, "rope_interpolation_scale": scale}
        config = self.network.config
        ids = pipeline._prepare_video_ids(
            len(latent_BCTHW),
            frames,
            rows,
            columns,
            config.patch_size,
            config.patch_size_t,
            device=self.device,
        )
        places = pipeline._scale_video_ids(ids, cell, rate, 0, device=self.device).float()
        places[:, 0] *= seconds
        return {"video_coords": places}

    def levels(self, steps: int, cells: Cells) -> Schedule:
        """More steps at high noise for larger clips; as each pipeline class spaces them."""
        scheduler = self.pipeline.scheduler
        if self.facts.class_name == _LATER:
            return levels_of(scheduler, sigmas=np.array(linear_quadratic(steps)))
        config = scheduler.config
        few, many = config.get("base_image_seq_len", 256), config.get("max_image_seq_len", 4096)
        low, high = config.get("base_shift", 0.5), config.get("max_shift", 1.15)
        share = (int(np.prod(cells)) - few) / (many - few)
        return levels_of(
            scheduler,
            sigmas=np.linspace(1.0, 1.0 / steps, steps),
            mu=low + share * (high - low),
        )

    def decoded(self, latent_BCTHW: Tensor) -> Tensor:
        """Newer autoencoders are told how much noise is left: none."""
        vae = self.pipeline.vae
        level = None
        if vae.config.timestep_conditioning:
            level = torch.zeros(len(latent_BCTHW), dtype=latent_BCTHW.dtype, device=self.device)
        return vae.decode(latent_BCTHW, level, return_dict=False)[0]
