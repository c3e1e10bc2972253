"""The four stages of `storybook`, each from the weights of the one before."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kinema.data.bank import BankConfig
from kinema.data.stream import CAMERA, Bucket, StreamConfig
from kinema.models.configs import AdapterConfig, DiTConfig, MemoryVaeConfig
from kinema.train.config import Objective, OptimConfig, TrainConfig

VAE: Final = MemoryVaeConfig()
ADAPTER: Final = AdapterConfig()
DIT: Final = DiTConfig(
    width=384, heads=6, hidden=1536, depth=12, channels_in=16, channels_out=16,
    text_width=ADAPTER.width, text_tokens=ADAPTER.tokens, step_sizes=5, guidance=True, fps=True,
    camera=CAMERA, token_types=2,
)  # fmt: skip
_PROCESSES: Final = 14


def autoencoder() -> TrainConfig:
    """Clips there and back: short ones of 128 x 128, now and then a larger one."""
    buckets = (Bucket(128, 128, 9, 16), Bucket(256, 256, 5, 6, 0.3))
    return TrainConfig(
        name="autoencoder",
        objective=Objective.AUTOENCODER,
        stream=StreamConfig(buckets, seed=1, processes=_PROCESSES),
        steps=12_000,
        vae=VAE,
        optim=OptimConfig(rate=6e-4, muon=False, ema=0.999),
        bfloat16=True,
    )


def base_128() -> TrainConfig:
    """Most of what the transformer learns: 17 frames of 128 x 128, and single pictures."""
    buckets = (Bucket(128, 128, 17, 64), Bucket(128, 128, 1, 128, 0.4))
    return TrainConfig(
        name="base-128",
        objective=Objective.FLOW,
        stream=StreamConfig(buckets, seed=2, processes=_PROCESSES, tokens=ADAPTER.tokens),
        bank=BankConfig(passes=8, apart=32),
        steps=40_000,
        vae=VAE,
        dit=DIT,
        adapter=ADAPTER,
        start=("autoencoder",),
        optim=OptimConfig(rate=1e-3, warm_up=500),
        routed=0.5,
        bfloat16=True,
    )


def base_256() -> TrainConfig:
    """The same at 256 x 256 and the two other shapes, from one picture to 49 frames."""
    buckets = (
        Bucket(256, 256, 17, 16), Bucket(256, 256, 49, 6, 0.6), Bucket(256, 256, 33, 8, 0.4),
        Bucket(320, 192, 49, 6, 0.3), Bucket(192, 320, 49, 6, 0.3), Bucket(256, 256, 1, 48, 0.4),
    )  # fmt: skip
    stream = StreamConfig(buckets, seed=3, processes=_PROCESSES, tokens=ADAPTER.tokens)
    start, optim = ("autoencoder", "base-128"), OptimConfig(rate=5e-4)
    first = base_128()
    return replace(first, name="base-256", stream=stream, steps=15_000, start=start, optim=optim)


def shortcut() -> TrainConfig:
    """Few steps, and guidance without a second pass."""
    first = base_256()
    optim = OptimConfig(rate=2.5e-4, ema=0.999)
    stream = replace(first.stream, seed=4)
    return replace(
        first, name="shortcut", objective=Objective.SHORTCUT, stream=stream, steps=6_000,
        start=("autoencoder", "base-256"), optim=optim, routed=0.0,
    )  # fmt: skip
