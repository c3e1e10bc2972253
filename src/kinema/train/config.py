"""What a training run is, as data. Recipes are functions that return one of these."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from kinema import __version__
from kinema.data.bank import ONCE, BankConfig
from kinema.data.footage import FootageConfig
from kinema.data.stream import StreamConfig
from kinema.models.configs import AdapterConfig, DiTConfig, MemoryVaeConfig, RefereeConfig


class Objective(StrEnum):
    """What the run minimises, and so which networks it trains."""

    AUTOENCODER = "autoencoder"
    FLOW = "flow"
    SHORTCUT = "shortcut"
    REFEREE = "referee"


@dataclass(frozen=True, slots=True)
class OptimConfig:
    """How fast the weights move.

    The rate rises for ``warm_up`` steps, stays, and falls to nothing over the last ``decay`` of
    the run. ``muon`` moves the matrices of the hidden layers by Muon, the rest by AdamW.
    """

    rate: float = 1e-3
    warm_up: int = 200
    decay: float = 0.2
    weight_decay: float = 0.01
    clip: float = 1.0
    muon: bool = True
    ema: float = 0.9995


@dataclass(frozen=True, slots=True)
class TuneConfig:
    """A model that is there already and is changed.

    rank: of the factors laid on its transformer; 0 trains all of that instead. said: the file of
    what a text encoder that is not trained says of each caption, for models that have one.
    """

    model: str
    weights: str
    rank: int
    said: str = ""


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """One run.

    Args:
        name: Of the recipe; a checkpoint of another is refused.
        objective: What is minimised.
        stream: What is learned from.
        steps: How many updates the whole run has.
        vae: The autoencoder; trained, or frozen and taken from ``start``. None for the referee.
        dit: The transformer; None where only the autoencoder is trained.
        adapter: The text side; its frozen states are MiniLM's, or there are none.
        referee: The judge of clips, which is trained on its own.
        bank: How often each batch of the stream is shown.
        tune: What is tuned, where it is no network of ``start``.
        start: Folders of earlier runs, whose weights the run starts from.
        optim: How the weights move.
        text_dropped: Share of captions left out.
        camera_told: Share of batches that are told where the camera is; a user says it in words.
        routed: Share of tokens that pass the middle blocks by; none for the last ``unrouted``.
        bfloat16: Whether products are computed in bfloat16.
    """

    name: str
    objective: Objective
    stream: StreamConfig | FootageConfig
    steps: int
    vae: MemoryVaeConfig | None = None
    dit: DiTConfig | None = None
    adapter: AdapterConfig | None = None
    referee: RefereeConfig | None = None
    bank: BankConfig = ONCE
    tune: TuneConfig | None = None
    start: tuple[str, ...] = ()
    optim: OptimConfig = OptimConfig()
    text_dropped: float = 0.1
    camera_told: float = 0.3
    routed: float = 0.0
    unrouted: float = 0.15
    bfloat16: bool = False
    save_every: int = 500
    log_every: int = 20
    seed: int = 0

    def made(self) -> dict[str, Any]:
        """What a folder of weights must say of how they came about: networks, data, seed."""
        nets = {
            "vae": self.vae, "transformer": self.dit, "words": self.adapter,
            "referee": self.referee,
        }  # fmt: skip
        split = self.stream.split if isinstance(self.stream, StreamConfig) else None
        return {
            "networks": {part: asdict(config) for part, config in nets.items() if config},
            "objective": self.objective.value,
            "start": [Path(folder).name for folder in self.start],
            "data": {"stream": "storybook", "seed": self.stream.seed, "split": split}
            if split is not None
            else {"clips": "the user's own"},
            "kinema": __version__,
        }

    def fingerprint(self) -> str:
        """What must be alike for a checkpoint to go on: everything but pace and length."""
        free = {"steps", "save_every", "log_every", "start"}
        said = {key: value for key, value in asdict(self).items() if key not in free}
        for key in ("processes", "ahead", "folder", "cache"):
            said["stream"].pop(key, None)
        for key in ("weights", "said"):
            (said["tune"] or {}).pop(key, None)
        text = json.dumps(said, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
