"""Kinema, the open Sora: describe a video in words and get it.

    >>> from kinema import Request, generate
    >>> clip = generate(Request(prompt="a fox walks in snow"), Path("fox.mp4"))  # doctest: +SKIP

The public names below are loaded when they are first used, so that importing the package is free.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kinema.engine.cards import card, cards
    from kinema.engine.checkpoint import FolderCheckpoint
    from kinema.engine.estimate import estimate
    from kinema.engine.generate import generate
    from kinema.engine.stream import record, stream
    from kinema.errors import (
        BrokenLoss,
        Cancelled,
        KinemaError,
        LatentError,
        MediaError,
        MissingPart,
        OutputError,
        PromptError,
        RequestError,
        TooLittleMemory,
        UnknownModel,
        UnsupportedTask,
        WeightsError,
    )
    from kinema.types import Clip, Event, Log, ModelCard, Preview, Progress, Request, Size, Task

__version__ = "0.1.0"

__all__ = [
    "BrokenLoss",
    "Cancelled",
    "Clip",
    "Event",
    "FolderCheckpoint",
    "KinemaError",
    "LatentError",
    "Log",
    "MediaError",
    "MissingPart",
    "ModelCard",
    "OutputError",
    "Preview",
    "Progress",
    "PromptError",
    "Request",
    "RequestError",
    "Size",
    "Task",
    "TooLittleMemory",
    "UnknownModel",
    "UnsupportedTask",
    "WeightsError",
    "card",
    "cards",
    "estimate",
    "generate",
    "record",
    "stream",
]

_HOMES = {
    "kinema.engine.cards": ("card", "cards"),
    "kinema.engine.checkpoint": ("FolderCheckpoint",),
    "kinema.engine.estimate": ("estimate",),
    "kinema.engine.generate": ("generate",),
    "kinema.engine.stream": ("record", "stream"),
    "kinema.types": (
        "Clip", "Event", "Log", "ModelCard", "Preview", "Progress", "Request", "Size", "Task",
    ),
    "kinema.errors": (
        "BrokenLoss", "Cancelled", "KinemaError", "LatentError", "MediaError", "MissingPart",
        "OutputError", "PromptError", "RequestError", "TooLittleMemory", "UnknownModel",
        "UnsupportedTask", "WeightsError",
    ),
}  # fmt: skip
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load a public name from the module where it lives, once."""
    if name not in _HOME:
        raise AttributeError(f"module 'kinema' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, loaded or not."""
    return sorted([*__all__, "__version__"])
