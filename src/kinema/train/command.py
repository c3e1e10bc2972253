"""One call for the command line and for scripts: a recipe into a folder, and what came of it."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

from kinema.train.config import TrainConfig
from kinema.train.loop import train


def run_recipe(config: TrainConfig, out: Path, time_limit: float | None) -> str:
    """Begin or go on with a run; the runs it starts from lie beside its folder.

    Returns:
        How far it came, for people to read.
    """
    start = tuple(str(out.parent / name) for name in config.start)
    limit = math.inf if time_limit is None else time_limit
    found = train(replace(config, start=start), out, time_limit=limit)
    state = "complete" if found.complete else f"{found.step} of {config.steps} steps; call again"
    return f"{config.name}: {state} (loss {found.loss:.4f}, {out})"
