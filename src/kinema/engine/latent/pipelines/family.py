"""What a family of pipelines must answer: the few lines in which pipelines differ.

How a prompt is embedded, what the network is shown, what its answer means, and at which noise
levels it is asked. `parts` makes a latent model of the answers.

Shape legend for this file:
    B = clips in the batch, C = latent channels, T = latent frames, H, W = latent rows and columns.
"""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kinema.engine.cards.folders import PipelineFacts
from kinema.engine.latent.protocol import Embedding
from kinema.sample.schedule import TRAINING_STEPS, Schedule

Arrays = Mapping[str, Tensor]
"""Tensors by name, each with a batch axis in front."""

Cells = tuple[int, int, int]
"""Shape of a latent: (T, H, W)."""


class Family(ABC):
    """A family at work on one loaded pipeline.

    Args:
        pipeline: A pipeline of ``diffusers`` without text encoders; its parts are used, it is not
            called as a whole.
        facts: What its folder says.
        device: Where its networks compute.

    Attributes:
        negative: The authors' own negative prompt.
    """

    negative: ClassVar[str] = ""

    def __init__(self, pipeline: Any, facts: PipelineFacts, device: torch.device) -> None:
        self.pipeline = pipeline
        self.facts = facts
        self.device = device

    @abstractmethod
    def embed(self, pipeline: Any, text: str) -> Arrays:
        """The prompt as text encoders say it; those of ``pipeline``, for they come and go."""

    @abstractmethod
    def velocity(self, latent_BCTHW: Tensor, sigma: Tensor, prompt: Arrays) -> Tensor:
        """``noise - clean``, (B, C, T, H, W), any float dtype.

        Args:
            latent_BCTHW: Float32.
            sigma: (), or (B, T) where the folder's facts say ``by_frame``; float64.
            prompt: What `ready` made, repeated to B.
        """

    def kept(self, arrays: Arrays) -> dict[str, NDArray[Any]]:
        """What `embed` gave, for a checkpoint: on the host, without the batch axis."""
        return {name: _host(array[0]) for name, array in arrays.items()}

    def ready(self, text: Embedding) -> dict[str, Tensor]:
        """What was `kept`, on the device; numbers in the network's dtype, masks as they are."""
        found = {name: torch.as_tensor(array)[None].to(self.device) for name, array in text.items()}
        return {
            name: array.to(self.network.dtype) if array.is_floating_point() else array
            for name, array in found.items()
        }

    def levels(self, steps: int, cells: Cells) -> Schedule:
        """The pipeline's own noise levels for a run of so many steps."""
        del cells  # most schedules do not depend on the size
        return levels_of(self.pipeline.scheduler, num_inference_steps=steps)

    def decoded(self, latent_BCTHW: Tensor) -> Tensor:
        """Pictures (B, 3, frames, rows, columns) in [-1, 1], of a latent in the decoder's scale."""
        return self.pipeline.vae.decode(latent_BCTHW, return_dict=False)[0]

    @property
    def network(self) -> Any:
        """The network that finds the noise; the one for much noise where there are two."""
        return self.pipeline.transformer

    def timesteps(self, sigma: Tensor, batch: int) -> Tensor:
        """The clock of flow networks: (B,) or (B, T), in thousandths, float32."""
        times = (sigma * TRAINING_STEPS).to(self.device, torch.float32)
        return times.expand(batch) if times.ndim == 0 else times


SOLVERS: Final = {
    "UniPCMultistepScheduler": "unipc",
    "DPMSolverMultistepScheduler": "dpm",
    "FlowMatchEulerDiscreteScheduler": "euler",
    "CogVideoXDDIMScheduler": "euler",
    "CogVideoXDPMScheduler": "dpm",
}
"""Our solver for each scheduler of ``diffusers`` whose levels are understood.

On the straight path, Euler's step and DDIM's are the same. The DPM scheduler of CogVideoX adds
fresh noise at each step; ours of the same order does not.
"""


def levels_of(scheduler: Any, **how: Any) -> Schedule:
    """The levels that a flow scheduler makes; ``how`` is what its pipeline tells it."""
    own: Any = copy.copy(scheduler)
    own.set_timesteps(**how)
    sigmas = [float(sigma) for sigma in own.sigmas]
    if scheduler.config.get("invert_sigmas"):
        sigmas = [1.0 - sigma for sigma in sigmas]
    # Schedulers end at 0 to within rounding, or leave the end to the step.
    sigmas[-1] = 0.0
    return Schedule(tuple(sigmas), tuple(int(sigma * TRAINING_STEPS) for sigma in sigmas[:-1]))


def counts_whole(scheduler: Any) -> bool:
    """Whether a scheduler tells the network whole thousandths, cutting off what is behind them."""
    if not scheduler.config.get("use_flow_sigmas"):
        return False
    own: Any = copy.copy(scheduler)
    own.set_timesteps(2)
    return not own.timesteps.is_floating_point()


def _host(array: Tensor) -> NDArray[Any]:
    array = array.detach().cpu()
    return np.ascontiguousarray((array.float() if array.is_floating_point() else array).numpy())
