"""The networks of a run."""

from __future__ import annotations

from torch import nn

from kinema.models.autoencoder import MemoryVae
from kinema.models.captions import CaptionAdapter
from kinema.models.dit import WanTransformer
from kinema.models.referee import Referee
from kinema.train.config import Objective, TrainConfig


class Networks(nn.Module):
    """Autoencoder, transformer and text side of one recipe; those not trained are frozen.

    Or the referee alone.
    """

    vae: MemoryVae

    def __init__(self, config: TrainConfig) -> None:
        super().__init__()
        self.referee = None if config.referee is None else Referee(config.referee)
        if (config.vae is None) != (config.objective is Objective.REFEREE):
            raise ValueError("the referee is trained on its own, all others on an autoencoder's")
        if config.vae is None:
            self.dit, self.adapter = None, None
            return
        self.vae = MemoryVae(config.vae)
        self.dit = None if config.dit is None else WanTransformer(config.dit)
        self.adapter = None if config.adapter is None else CaptionAdapter(config.adapter)
        if config.objective is not Objective.AUTOENCODER:
            self.vae.requires_grad_(False)
        elif self.dit is not None or self.adapter is not None:
            raise ValueError("the autoencoder is trained on its own")
