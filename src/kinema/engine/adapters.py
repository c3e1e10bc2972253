"""Which module runs which model. A model's module is imported when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from kinema.engine.checkpoint import Arrays, Checkpoint
from kinema.storybook.scene import Timeline
from kinema.types import FileId, IsCancelled, Json, OnEvent, Request, Size

Picture = NDArray[np.uint8]
"""One frame: (H, W, 3), RGB."""

_MODULES: Final = {"animatic": "kinema.engine.animatic"}


@dataclass(frozen=True, slots=True)
class Run:
    """What surrounds a run and is no part of the request: input files, listeners, saved state.

    files: where the files that the request names lie. on_event: told of progress, previews and
    notes, on the calling thread. cancelled: asked before each frame or step. checkpoint: where
    finished stages are kept, None to keep nothing. before: the latent that a stream goes on from.
    """

    files: Mapping[FileId, Path]
    on_event: OnEvent
    cancelled: IsCancelled
    checkpoint: Checkpoint | None = None
    before: Latent | None = None


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


@cache
def adapter(name: str) -> Adapter:
    """The adapter of that model, loaded once; ``name`` is that of a card."""
    module: Any = import_module(_MODULES[name])
    return cast("Adapter", module.ADAPTER)
