"""Runs that are small enough for tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kinema.data.stream import Bucket, StreamConfig
from kinema.recipes import tiny
from kinema.train.config import OptimConfig, TrainConfig

STREAM = StreamConfig((Bucket(32, 32, 5, 2),), seed=5)


def small(recipe: TrainConfig, **changes: Any) -> TrainConfig:
    """A tiny recipe on smaller pictures, from its own first weights."""
    base = replace(recipe, stream=STREAM, start=(), steps=4, save_every=2, log_every=1)
    return replace(base, **changes)


def small_base(**changes: Any) -> TrainConfig:
    return small(tiny.base(), **changes)


FAST = OptimConfig(rate=1e-2, warm_up=2, decay=0.0, muon=False, ema=0.5)
