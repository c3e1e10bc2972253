"""Rehearsals: the same stages at a size that a CPU goes through in a minute, without any files."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kinema.data.stream import CAMERA, Bucket, StreamConfig
from kinema.models.configs import AdapterConfig, DiTConfig, MemoryVaeConfig
from kinema.train.config import Objective, OptimConfig, TrainConfig

VAE: Final = MemoryVaeConfig(8, (8, 8, 16, 16), (8, 8, 16, 16), (1, 1, 1, 1), (1, 1, 1, 1))
ADAPTER: Final = AdapterConfig(512, 8, frozen=0, width=16, heads=2, hidden=32, depth=1, tokens=24)
DIT: Final = DiTConfig(
    width=32, heads=2, hidden=64, depth=6, channels_in=8, channels_out=8, text_width=16,
    text_tokens=24, time_features=16, step_sizes=5, guidance=True, fps=True, camera=CAMERA,
    token_types=2,
)  # fmt: skip
_BUCKETS: Final = (Bucket(64, 64, 5, 2), Bucket(64, 64, 1, 4, 0.3))
_OPTIM: Final = OptimConfig(rate=3e-3, warm_up=5)


def autoencoder() -> TrainConfig:
    """The autoencoder's loop."""
    return TrainConfig(
        name="tiny-autoencoder",
        objective=Objective.AUTOENCODER,
        stream=StreamConfig(_BUCKETS, seed=11),
        steps=20,
        vae=VAE,
        optim=replace(_OPTIM, muon=False),
        save_every=10,
        log_every=5,
    )


def base() -> TrainConfig:
    """The transformer's loop, from the tiny autoencoder."""
    return replace(
        autoencoder(), name="tiny-base", objective=Objective.FLOW, dit=DIT, adapter=ADAPTER,
        start=("tiny-autoencoder",), optim=_OPTIM, routed=0.5,
    )  # fmt: skip


def shortcut() -> TrainConfig:
    """The loop of few steps, from the tiny transformer."""
    return replace(
        base(), name="tiny-shortcut", objective=Objective.SHORTCUT, routed=0.0,
        start=("tiny-autoencoder", "tiny-base"),
    )  # fmt: skip
