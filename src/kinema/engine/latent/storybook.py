"""Our own model: which road computes it, and what both roads share. No torch here.

A laptop runs the graphs of a packed folder by OpenVINO, without torch; a GPU, LoRAs and folders
without graphs run by torch.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kinema.engine.cards.own import FPS, FRAMES, GUIDANCE, STEPS, STEPS_UNTAUGHT
from kinema.engine.latent.memory import Cut
from kinema.engine.latent.protocol import LatentModel, Recipe
from kinema.engine.latent.work import Shape
from kinema.errors import MissingPart
from kinema.models.configs import RATE
from kinema.sample.schedule import Table
from kinema.weights.manifest import read_manifest

if TYPE_CHECKING:
    import torch

GRAPHS: Final = "graphs"
"""The part of a folder that OpenVINO runs."""
FINEST: Final = 16
"""Steps of a run whose step size has class 0; half as many have class 1."""
COARSEST: Final = 4
_AT_ONCE: Final = 4 * 16 * 16  # latent cells coded in one piece; more only takes more memory


def load(
    name: str,
    folder: Path,
    *,
    device: torch.device | str | None = None,
    loras: Sequence[tuple[Path, float]] = (),
) -> LatentModel:
    """Load the model from a folder that `kinema.models.own.save` wrote.

    Args:
        name: Of the model, for its clips.
        folder: Its weights.
        device: Where torch computes; None for a GPU where there is one, else for OpenVINO.
        loras: Files of small changes, each with its weight.

    Raises:
        WeightsError: The folder or a LoRA is another model's, or broken.
        MissingPart: What computes it, or what reads prompts, is not installed.

    Cost:
        A quarter of a second by OpenVINO once its cache is warm; a second and more by torch.
    """
    manifest = read_manifest(folder)
    has_torch = find_spec("torch") is not None
    if find_spec("openvino") is not None and GRAPHS in manifest.parts:
        if not loras and device is None and not (has_torch and has_gpu()):
            from kinema.engine.latent import compiled

            return compiled.load(name, folder, manifest)
    elif not has_torch:
        raise MissingPart("openvino or torch", "pip install 'kinema[storybook]'")
    from kinema.engine.latent import own

    return own.load(name, folder, device=device, loras=loras)


def recipe(*, few_steps: bool) -> Recipe:
    """How the model is run. Weights that were not taught large steps take more of them."""
    return Recipe(
        table=Table.LINEAR,
        shift=1.0,
        steps=STEPS if few_steps else STEPS_UNTAUGHT,
        guidance=GUIDANCE,
        window=1 + (FRAMES - 1) // RATE,
        fps=FPS,
        solver="euler",
        whole_timesteps=False,
    )


def in_pieces(shape: Shape) -> Cut:
    """As many latent frames at once as a usual clip has cells."""
    return Cut(max(1, _AT_ONCE // (shape[1] * shape[2])), None, 0)


def step_class(steps: int) -> int:
    """The class of step sizes that a run of so many equal steps comes nearest to."""
    return min(COARSEST, max(0, round(math.log2(FINEST / steps))))


def has_gpu() -> bool:
    """Whether this machine has a card that torch computes on; asked without importing torch."""
    return any(Path("/dev").glob("nvidia[0-9]*")) or Path("/dev/kfd").exists()
