"""CogVideoX: trained on a circle of signal and noise, brought here onto the straight path.

Its noisy latent is ``a * clean + s * noise`` with ``a**2 + s**2 = 1``. Divided by ``a + s`` that is
a point of the straight path at ``sigma = s / (a + s)``, so the same clean latent and the same noise
lie at its ends. The network says ``v = a * noise - s * clean``; solved for both ends,

    clean = a * point - s * v        noise = s * point + a * v

with ``point`` the latent on the circle, and the velocity is their difference.

Source:
    Salimans and Ho 2022, "Progressive distillation", arXiv:2202.00512, appendix D.

Shape legend for this file:
    B = clips in the batch, C = latent channels, T = latent frames, H, W = latent rows and columns.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import torch
from torch import Tensor

from kinema.engine.cards.folders import PipelineFacts
from kinema.engine.latent.pipelines.family import Arrays, Cells, Family
from kinema.errors import WeightsError
from kinema.sample.schedule import TRAINING_STEPS, Schedule


class CogVideoX(Family):
    """The network of `CogVideoXPipeline` before its version 1.5, which is run as a whole."""

    def __init__(self, pipeline: Any, facts: PipelineFacts, device: torch.device) -> None:
        super().__init__(pipeline, facts, device)
        found = pipeline.scheduler.config.prediction_type
        if found != "v_prediction":
            problem = f"its network predicts {found}, which says nothing at pure noise"
            raise WeightsError("weights", problem, "v_prediction")
        signal = pipeline.scheduler.alphas_cumprod.double().numpy()
        self._sigmas = np.sqrt(1.0 - signal) / (np.sqrt(signal) + np.sqrt(1.0 - signal))

    def embed(self, pipeline: Any, text: str) -> Arrays:
        """``text``: (1, M, W); the network attends to what stands behind a prompt, too."""
        embedded, _ = pipeline.encode_prompt(
            text,
            do_classifier_free_guidance=False,
            max_sequence_length=self.network.config.max_text_seq_length,
            device=self.device,
        )
        return {"text": embedded}

    def velocity(self, latent_BCTHW: Tensor, sigma: Tensor, prompt: Arrays) -> Tensor:
        """The answer as ends of the straight path."""
        level = float(sigma)
        length = float(np.hypot(1.0 - level, level))
        signal, noise = (1.0 - level) / length, level / length
        point = latent_BCTHW / length
        answer = self._answer(point, self._timestep(level), prompt).float()
        return (noise * point + signal * answer) - (signal * point - noise * answer)

    def levels(self, steps: int, cells: Cells) -> Schedule:
        """The levels of the timesteps that the pipeline would choose.

        Where the steps do not divide 1000, its own scheduler tells the network a timestep beside
        the one it has come to; here both are the same.
        """
        del cells
        scheduler: Any = copy.copy(self.pipeline.scheduler)
        scheduler.set_timesteps(steps)
        times = tuple(int(time) for time in scheduler.timesteps)
        return Schedule((*(float(self._sigmas[time]) for time in times), 0.0), times)

    def decoded(self, latent_BCTHW: Tensor) -> Tensor:
        """Clips of an odd number of latent frames as the pipeline decodes them.

        Its decoder takes an even number for a piece from within a clip. So its first frame is given
        twice, and what that adds is cut off.
        """
        if latent_BCTHW.shape[2] % 2:
            return super().decoded(latent_BCTHW)
        longer = torch.cat([latent_BCTHW[:, :, :1], latent_BCTHW], 2)
        return super().decoded(longer)[:, :, self.facts.rate :]

    def _answer(self, point_BCTHW: Tensor, time: float, prompt: Arrays) -> Tensor:
        network = self.network
        answer_BTCHW = network(
            hidden_states=point_BCTHW.transpose(1, 2).to(network.dtype),
            encoder_hidden_states=prompt["text"],
            timestep=torch.full((len(point_BCTHW),), time, device=self.device),
            image_rotary_emb=self._positions(point_BCTHW),
            return_dict=False,
        )[0]
        return answer_BTCHW.transpose(1, 2)

    def _positions(self, latent_BCTHW: Tensor) -> Any:
        if not self.network.config.use_rotary_positional_embeddings:
            return None
        frames, rows, columns = latent_BCTHW.shape[2:]
        cell = self.facts.cell
        return self.pipeline._prepare_rotary_positional_embeddings(
            rows * cell, columns * cell, frames, self.device
        )

    def _timestep(self, sigma: float) -> float:
        """Its clock at a noise level: whole at the levels of its table, between them even."""
        return float(np.interp(sigma, self._sigmas, np.arange(TRAINING_STEPS)))
