"""The referee: what a clip of the storybook world shows, learned from clips of its own seeds."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kinema.data.bank import BankConfig
from kinema.data.stream import Bucket, StreamConfig
from kinema.models.configs import RefereeConfig
from kinema.storybook.labels import classes
from kinema.train.config import Objective, OptimConfig, TrainConfig

REFEREE: Final = RefereeConfig(tuple(len(names) for names in classes().values()))
_PROCESSES: Final = 14


def referee() -> TrainConfig:
    """Nine frames of 128 x 128, six a second, each clip seen four times."""
    bucket = Bucket(REFEREE.side, REFEREE.side, REFEREE.frames, 64)
    return TrainConfig(
        name="referee",
        objective=Objective.REFEREE,
        stream=StreamConfig((bucket,), seed=9, fps=REFEREE.fps, processes=_PROCESSES, finer=0.25),
        steps=12_000,
        referee=REFEREE,
        bank=BankConfig(passes=4, apart=40, said=False),
        optim=OptimConfig(rate=1e-3, muon=False, ema=0.998, weight_decay=0.02),
        bfloat16=True,
    )


def tiny_referee() -> TrainConfig:
    """A rehearsal: a small one that sees single numbers of pixels."""
    small = replace(REFEREE, side=32, frames=5, widths=(16, 24, 32), depth=1, heads=2, layers=1)
    bucket = Bucket(small.side, small.side, small.frames, 4)
    return replace(
        referee(),
        name="tiny-referee",
        referee=small,
        stream=StreamConfig((bucket,), seed=19, fps=small.fps),
        bank=BankConfig(passes=2, apart=2, said=False),
        steps=20,
        optim=OptimConfig(rate=2e-3, warm_up=5, muon=False),
        bfloat16=False,
        save_every=10,
        log_every=5,
    )
