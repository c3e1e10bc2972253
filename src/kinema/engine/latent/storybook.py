"""Our own model: which of two roads computes it. No torch here.

A laptop runs the graphs of a packed folder by OpenVINO, without torch; a GPU, LoRAs and folders
without graphs run by torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kinema.engine.latent.protocol import LatentModel
from kinema.errors import MissingPart
from kinema.weights.manifest import read_manifest

if TYPE_CHECKING:
    import torch

GRAPHS: Final = "graphs"
"""The part of a folder that OpenVINO runs."""


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
    fits = GRAPHS in manifest.parts and find_spec("openvino") is not None
    if fits and not loras and device is None and not (has_torch and has_gpu()):
        from kinema.engine.latent import compiled

        return compiled.load(name, folder, manifest)
    if not has_torch:
        raise MissingPart("torch", "pip install 'kinema[torch]'")
    from kinema.engine.latent import own

    return own.load(name, folder, device=device, loras=loras)


def has_gpu() -> bool:
    """Whether this machine has a card that torch computes on; asked without importing torch."""
    return any(Path("/dev").glob("nvidia[0-9]*")) or Path("/dev/kfd").exists()
