"""Who runs which model. Its module is imported and its weights are loaded on first use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, Final, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from kinema.engine.cards import card, is_pipeline
from kinema.engine.cards.latent import WAN
from kinema.engine.cards.own import OWN
from kinema.engine.checkpoint import Arrays, Checkpoint
from kinema.errors import MissingPart, RequestError, WeightsError
from kinema.storybook.scene import Timeline
from kinema.types import FileId, IsCancelled, Json, ModelCard, OnEvent, Request, Size
from kinema.weights.hub import fetch
from kinema.weights.packaged import packaged

Picture = NDArray[np.uint8]
"""One frame: (H, W, 3), RGB."""


@dataclass(frozen=True, slots=True)
class Run:
    """What surrounds a run and is no part of the request: input files, listeners, saved state.

    files: where the files that the request names lie. on_event: told of progress, previews and
    notes, on the calling thread. cancelled: asked before each frame or step. checkpoint: where
    finished stages are kept, None to keep nothing. before: the latent that a stream goes on from.
    weights: where the model's weights lie, None for one that needs none. budget: bytes of memory
    that they may take with all that comes of them, None for most of what is free.
    """

    files: Mapping[FileId, Path]
    on_event: OnEvent
    cancelled: IsCancelled
    checkpoint: Checkpoint | None = None
    before: Latent | None = None
    weights: Path | None = None
    budget: int | None = None


@dataclass(frozen=True, slots=True)
class Conditioning:
    """What the request says, in the model's terms.

    arrays: features for a network. scene: what is to be seen, not yet placed, where the model
    draws scenes. reading: how the prompt was understood. notes: sentences for the user.
    """

    arrays: Arrays
    scene: Timeline | None = None
    reading: Json | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Latent:
    """The clip before it has pixels: a network's latent, or scenes with all in their places."""

    arrays: Arrays
    scene: Timeline | None = None


@dataclass(frozen=True, slots=True)
class Frames:
    """The clip's pictures, made as they are taken; ``count`` is None before it is known."""

    pictures: Iterator[Picture]
    size: Size
    fps: Fraction
    count: int | None


class Adapter(Protocol):
    """How the engine speaks to one kind of model."""

    weights: str
    """Hash of the network's weights, "" where there are none."""
    packages: tuple[str, ...]
    """Distributions whose versions decide what the pictures look like."""

    def condition(self, request: Request, run: Run) -> Conditioning:
        """Read prompt and inputs; raises `RequestError` where they cannot be used."""
        ...

    def sample(self, request: Request, conditioning: Conditioning, run: Run) -> Latent:
        """Make the clip, still without pixels. Asks ``run.cancelled`` between steps."""
        ...

    def decode(self, request: Request, latent: Latent, run: Run) -> Frames:
        """Turn the latent into pictures, lazily and in bounded memory."""
        ...


_FAMILIES: Final = {
    WAN: ("kinema.engine.latent.native", "torch"),
    "diffusers": ("kinema.engine.latent.pipelines", "diffusers"),
    OWN: ("kinema.engine.latent.storybook", None),
}
"""For each family of latent models the module that loads it, and the package that it runs on, which
is also the name of the extra that brings it; None where the module itself has a choice."""

_loaded: dict[tuple[object, ...], Adapter] = {}
_loading: Final = Lock()


def weights_folder(name: str, given: Path | None) -> Path | None:
    """Where the weights of a model lie, before anything of them is read.

    Args:
        name: The model, as a request names it.
        given: The folder or file that the user named.

    Returns:
        ``given``; for ``diffusers:OWNER/REPO`` without it the repository of that name, fetched from
        the hub once; those of the package for a model of ours; None for one that needs none.

    Raises:
        UnknownModel: There is no such model.
        WeightsError: The model needs weights and none are given, there are none at that place, or
            it needs none.
        MissingPart: They are on the hub, and the package that fetches from it is not installed.
    """
    if is_pipeline(name):
        return fetch(name.partition(":")[2] if given is None else str(given))
    model = card(name)
    if model.family == OWN:
        return fetch(str(given)) if given is not None else _packaged(name)
    if not model.repositories:
        if given is not None:
            raise WeightsError("weights", f"{name} needs none", "leave it out")
        return None
    if given is None:
        published = " or ".join(model.repositories)
        problem = f"{name} needs the folder of its weights"
        raise WeightsError("weights", problem, f"--weights DIR, with what {published} publish")
    return fetch(str(given))


def _packaged(name: str) -> Path:
    folder = packaged(name)
    if folder is None:
        problem = f"this build of kinema has no weights of {name}: they are not trained yet"
        allowed = "--weights DIR, which `kinema pack` makes of a training run; or --model animatic"
        raise WeightsError("weights", problem, allowed)
    return folder


def part_of(model: ModelCard) -> str | None:
    """The package that a model runs on, and the extra that brings it; None where none is needed."""
    return _FAMILIES[model.family][1] if model.family in _FAMILIES else None


def adapter(
    name: str,
    weights: Path | None = None,
    *,
    loras: Sequence[tuple[Path, float]] = (),
    budget: int | None = None,
) -> Adapter:
    """The adapter of a model.

    Loaded weights stay until those of another model are asked for: two models seldom fit into
    memory together, and most programs use one.

    Args:
        name: The model, as a request names it.
        weights: Where its weights lie, as in `weights_folder`.
        loras: Files of small changes of the weights, and how much of each is wanted.
        budget: Bytes of memory that may be used; None for most of what is free.

    Raises:
        MissingPart: What it runs on is not installed; says the command that adds it.
        WeightsError: The weights or a LoRA are missing, broken or of another model.
        RequestError: The model is not cut to a budget.
    """
    folder = weights_folder(name, weights)
    if folder is None:
        module: Any = import_module("kinema.engine.animatic")
        return cast("Adapter", module.ADAPTER)
    key = (name, folder.resolve(), *((path.resolve(), weight) for path, weight in loras), budget)
    with _loading:
        if key not in _loaded:
            _loaded.clear()
            wanted = {"loras": loras, "budget": budget}
            _loaded[key] = _latent(name, folder, {k: v for k, v in wanted.items() if v})
        return _loaded[key]


def _latent(name: str, weights: Path, wanted: Mapping[str, object]) -> Adapter:
    """A latent model behind the one adapter that all of them share."""
    family = card(name, weights).family
    loads, part = _FAMILIES[family]
    if "budget" in wanted and family != WAN:
        raise RequestError("memory", f"{name} is not cut to a budget", "leave it out")
    if part is not None and find_spec(part) is None:
        raise MissingPart(part, f"pip install 'kinema[{part}]'")
    loader: Any = import_module(loads)
    latent: Any = import_module("kinema.engine.latent.adapter")
    return cast("Adapter", latent.LatentAdapter(loader.load(name, weights, **wanted)))
