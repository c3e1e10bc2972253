"""Calls for the command line and for scripts: a recipe into a run, and a run into weights."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Final

from torch import Tensor

from kinema.errors import WeightsError
from kinema.models import graphs, own
from kinema.models.referee import PART
from kinema.train import checkpoint
from kinema.train.config import Objective, TrainConfig
from kinema.train.loop import train
from kinema.train.reading import pack_referee

_STEMS: Final = {own.VAE: "vae.", own.TRANSFORMER: "dit.", own.WORDS: "adapter."}


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


def pack_run(run: Path, out: Path, *, int8: bool = True, with_graphs: bool = True) -> str:
    """Write the smoothed weights of a run as a folder that ``--weights`` takes.

    A run of the referee becomes what ``kinema eval --referee`` takes.

    Args:
        run: Folder of the run, or one checkpoint of it.
        out: The folder to write.
        int8: Whether large matrices are rounded to 8 bits.
        with_graphs: Whether OpenVINO's graphs are written too; they take weights of 8 bits.

    Returns:
        How large it is, for people to read.

    Raises:
        WeightsError: There is no run, or it trained the autoencoder alone.
        MissingPart: Graphs are wanted, and OpenVINO is not installed.
    """
    tensors, said = checkpoint.weights_of(run), checkpoint.progress_of(run)
    made = said.get("made", {})
    configs = made.get("networks", {})
    for beside in made.get("start", ()):  # a frozen autoencoder may have come without the run
        if (run.parent / beside).is_dir():
            tensors = {**checkpoint.weights_of(run.parent / beside), **tensors}
    if PART in configs:
        return pack_referee(run, out)
    if own.TRANSFORMER not in configs:
        problem = f"{run.name}/ is no run of the transformer"
        raise WeightsError("run", problem, "a run of base-128, base-256 or shortcut")
    about = {key: made[key] for key in ("objective", "data", "kinema")}
    about |= {"recipe": said["recipe"], "steps": said["step"]}
    about[own.FEW_STEPS] = made["objective"] == Objective.SHORTCUT
    networks = own.build(configs, {part: _of(tensors, stem) for part, stem in _STEMS.items()})
    manifest = own.save(out, networks, about, int8=int8)
    if int8 and with_graphs:
        manifest = graphs.write(out)
    size = sum(file.size for part in manifest.parts.values() for file in part.files)
    return f"{out}: {size / 1e6:.1f} MB, {manifest.hash[:16]}"


def _of(tensors: dict[str, Tensor], stem: str) -> dict[str, Tensor]:
    return {k.removeprefix(stem): tensor for k, tensor in tensors.items() if k.startswith(stem)}
