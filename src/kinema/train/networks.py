"""The networks of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from kinema.models import own, registry
from kinema.models.autoencoder import MemoryVae
from kinema.models.captions import CaptionAdapter
from kinema.models.dit import WanTransformer
from kinema.models.loading import load
from kinema.models.referee import Referee
from kinema.models.vae import WanVae
from kinema.train import factors
from kinema.train.config import Objective, TrainConfig, TuneConfig
from kinema.weights.store import Tensors


class Networks(nn.Module):
    """Autoencoder, transformer and text side of one recipe; those not trained are frozen.

    Or the referee alone, or a model that was there before and is tuned.
    """

    vae: MemoryVae | WanVae
    dit: WanTransformer | None
    adapter: CaptionAdapter | None

    def __init__(self, config: TrainConfig) -> None:
        super().__init__()
        self.said: dict[str, Tensor] = {}
        self.tuned: frozenset[str] | None = None
        if config.tune is not None:
            self._tune(config.tune, has_adapter=config.adapter is not None)
            return
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

    def kept(self) -> dict[str, Tensor]:
        """What a checkpoint must hold: all weights, or those that tuning changes."""
        state = self.state_dict()
        return state if self.tuned is None else {name: state[name] for name in self.tuned}

    def take(self, state: Mapping[str, Tensor]) -> None:
        """Take up what `kept` gave."""
        self.load_state_dict(dict(state), strict=self.tuned is None)

    def spoken(self, captions: Sequence[str], dropped_B: Tensor) -> Tensor:
        """What a text encoder that is not here has said of the captions: (B, M, W)."""
        texts = ["" if drop else text for text, drop in zip(captions, dropped_B, strict=True)]
        states = pad_sequence([self.said[text] for text in texts], batch_first=True)
        return states.to(dropped_B.device)

    def _tune(self, tune: TuneConfig, *, has_adapter: bool) -> None:
        """Load what is tuned, and lay factors on it or free all of its transformer."""
        folder, self.referee, self.adapter = Path(tune.weights), None, None
        if has_adapter:
            found = own.load(folder, torch.float32, torch.device("cpu"))
            self.vae, self.dit, self.adapter = found.vae, found.transformer, found.words
        else:
            # Whole weights that are moved a little must be exact; a GPU keeps frozen ones in half.
            half = torch.cuda.is_available() and tune.rank > 0
            dtype = torch.bfloat16 if half else torch.float32
            base = load(registry.model(tune.model), folder, dtype=dtype, with_text=False)
            assert isinstance(base.transformer, WanTransformer)
            self.vae, self.dit = base.vae, base.transformer
            said = Tensors((Path(tune.said),))
            self.said = {name.removeprefix("text:"): said[name] for name in said}
        self.vae.requires_grad_(False)
        if tune.rank:
            factors.lay(self.dit, tune.rank)
        else:
            self.dit.requires_grad_(True)
        self.tuned = frozenset(name for name, p in self.named_parameters() if p.requires_grad)
