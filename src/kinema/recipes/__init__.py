"""Complete training runs, as functions that return their config.

`kinema train NAME` takes any of `RECIPES`; ``tiny-`` ones rehearse the same path in a minute.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from kinema.recipes import referee, storybook, tiny
from kinema.train.config import TrainConfig

RECIPES: Final[Mapping[str, Callable[[], TrainConfig]]] = MappingProxyType(
    {
        "autoencoder": storybook.autoencoder,
        "base-128": storybook.base_128,
        "base-256": storybook.base_256,
        "shortcut": storybook.shortcut,
        "referee": referee.referee,
        "tiny-autoencoder": tiny.autoencoder,
        "tiny-base": tiny.base,
        "tiny-shortcut": tiny.shortcut,
        "tiny-referee": referee.tiny_referee,
    }
)
