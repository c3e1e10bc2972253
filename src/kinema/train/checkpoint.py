"""Checkpoints that are there whole or not at all.

A checkpoint is a folder, ``step-00001000``: the state of the run, and the smoothed weights as
other programs read them. It is written beside its place and moved there when it is on the disk; so
a run may be killed at any moment, and a full disk costs nothing but the newest state.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor

from kinema.errors import OutputError, WeightsError
from kinema.weights import packing, store

KEPT: Final = 2
_STATE, _WEIGHTS, _PROGRESS = "state.pt", "weights", "progress.json"


def save(out: Path, step: int, state: dict[str, Any], weights: dict[str, Tensor]) -> Path:
    """Write a checkpoint; the newest `KEPT` stay.

    Raises:
        OutputError: The disk is full or the folder cannot be written. What was there is whole.
    """
    place = out / f"step-{step:08}"
    half = out / f".{place.name}.part"
    try:
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        with (half / _STATE).open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        store.save(half, _WEIGHTS, weights)
        progress = {key: state[key] for key in ("recipe", "step", "position", "made")}
        (half / _PROGRESS).write_text(json.dumps(progress), "utf-8")
        shutil.rmtree(place, ignore_errors=True)
        half.rename(place)
    except (OSError, RuntimeError, WeightsError) as error:
        shutil.rmtree(half, ignore_errors=True)
        problem = f"cannot save step {step} ({error}); earlier checkpoints are whole"
        raise OutputError("out", problem, "a folder with room") from error
    for old in checkpoints(out)[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return place


def checkpoints(out: Path) -> list[Path]:
    """The checkpoints of a run, the oldest first."""
    return sorted(out.glob("step-????????"))


def load(out: Path, fingerprint: str) -> dict[str, Any] | None:
    """The newest state of a run that can be read; None where there is none.

    Raises:
        WeightsError: It is another recipe's, or there are checkpoints but all are broken.
    """
    found = checkpoints(out)
    for place in reversed(found):
        try:
            state = torch.load(place / _STATE, map_location="cpu", weights_only=True)
        except (OSError, RuntimeError, EOFError, ValueError):
            continue
        if state["fingerprint"] != fingerprint:
            problem = f"{place.name} is a checkpoint of another recipe ({state['recipe']})"
            raise WeightsError("out", problem, "an empty folder, or the recipe it began with")
        return state
    if found:
        raise WeightsError("out", f"no checkpoint in {out.name}/ can be read")
    return None


def progress_of(folder: Path) -> dict[str, Any]:
    """Recipe, step, stream position and configs of a folder's weights; empty where unknown."""
    for place in (*reversed(checkpoints(folder)), folder):
        if (place / _PROGRESS).is_file():
            return json.loads((place / _PROGRESS).read_text("utf-8"))
    return {}


def weights_of(folder: Path) -> dict[str, Tensor]:
    """The smoothed weights in a folder: of a run (its newest checkpoint), or of files alone.

    Raises:
        WeightsError: There are none.
    """
    places = [*reversed(checkpoints(folder)), folder]
    for place in places:
        files = store.weight_files(place)
        if files:
            return packing.unpack(dict(store.Tensors(files)))
    raise WeightsError("start", f"{folder.name}/ holds no weights")
