"""Wan 2.1, Wan 2.2 and SkyReels V2: the native family once more, through ``diffusers``."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kinema.engine.latent.pipelines.family import Arrays, Family
from kinema.engine.latent.protocol import Embedding
from kinema.models.registry import model

TEXT_TOKENS: Final = 512
AT_24_FPS: Final = 1
"""How `SkyReelsForcing` is told its usual rate; 0 would be 16."""


class Wan(Family):
    """One or two networks, a noise level for the clip or for each frame."""

    negative = model("wan2.1-t2v-1.3b").negative

    def embed(self, pipeline: Any, text: str) -> Arrays:
        """``text``: (1, 512, W), zeros behind the prompt."""
        embedded, _ = pipeline.encode_prompt(
            text,
            do_classifier_free_guidance=False,
            max_sequence_length=TEXT_TOKENS,
            device=self.device,
        )
        return {"text": embedded}

    def kept(self, arrays: Arrays) -> dict[str, NDArray[Any]]:
        """At its true length, as our own text encoder gives it."""
        text_MW = super().kept(arrays)["text"]
        return {"text": text_MW[: int(np.flatnonzero(text_MW.any(1)).max(initial=0)) + 1]}

    def ready(self, text: Embedding) -> dict[str, Tensor]:
        """The network was trained on 512 tokens, and attends to the zeros behind a prompt."""
        text_1MW = super().ready(text)["text"]
        missing = TEXT_TOKENS - text_1MW.shape[1]
        return {"text": torch.nn.functional.pad(text_1MW, (0, 0, 0, missing))}

    def velocity(self, latent_BCTHW: Tensor, sigma: Tensor, prompt: Arrays) -> Tensor:
        """The network's answer as it is."""
        network = self._expert(float(sigma.max()))
        times = self.timesteps(sigma, len(latent_BCTHW))
        if self.facts.by_frame:
            times = times if times.ndim == 2 else times[:, None].expand(-1, latent_BCTHW.shape[2])
        return network(
            hidden_states=latent_BCTHW.to(network.dtype),
            encoder_hidden_states=prompt["text"],
            return_dict=False,
            **self._clock(times, latent_BCTHW),
        )[0]

    @property
    def network(self) -> Any:
        """The network for much noise, or the only one."""
        return self.pipeline.transformer or self.pipeline.transformer_2

    def _clock(self, times: Tensor, latent_BCTHW: Tensor) -> dict[str, Any]:
        """What the network is told of noise levels (B,) or (B, T): one for each token, or one."""
        if times.ndim == 1:
            return {"timestep": times}
        _, across, along = self.network.config.patch_size
        tokens = (latent_BCTHW.shape[3] // across) * (latent_BCTHW.shape[4] // along)
        return {"timestep": times.repeat_interleave(tokens, 1)}

    def _expert(self, sigma: float) -> Any:
        boundary = self.pipeline.config.get("boundary_ratio")
        high = boundary is None or sigma >= boundary
        return self.network if high else self.pipeline.transformer_2


class SkyReelsForcing(Wan):
    """SkyReels V2 as it was trained by diffusion forcing: any noise level in any frame."""

    def _clock(self, times: Tensor, latent_BCTHW: Tensor) -> dict[str, Any]:
        """A level a frame, and that the clip has 24 frames a second."""
        rate = [AT_24_FPS] * len(latent_BCTHW)
        return {"timestep": times, "enable_diffusion_forcing": True, "fps": rate}
