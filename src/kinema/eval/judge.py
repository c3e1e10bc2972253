"""The judge: a referee's answers by name, and which of its slots may be believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from kinema.models.configs import RefereeConfig
from kinema.models.referee import RefereeFolder, load_referee

LEAST: Final = 50
"""Real clips of a class that the referee must have been tried on."""
GATES: Final[Mapping[str, float]] = MappingProxyType(
    {"subject": 0.95, "setting": 0.95, "time": 0.95, "weather": 0.90, "style": 0.90,
     "camera": 0.90}
)  # fmt: skip
"""Share of real clips that it must have read right there; `GATE` in the other slots."""
GATE: Final = 0.85
ENOUGH: Final = 0.9
"""Share of the classes that were met at all which must have been tried on that many clips."""
_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Slot:
    """What a referee is worth in one slot, on real clips that it was not trained on.

    share: of the clips of a class how many it reads right, mean of its ``tried`` classes. Other
    classes had fewer than `LEAST` clips, and count nowhere. readable: whether it may judge here.
    """

    share: float
    clips: int
    tried: frozenset[str]
    readable: bool


@dataclass(frozen=True, slots=True)
class Readings:
    """What the referee says of N clips: logits (N, K) by slot, features (N, F)."""

    logits: Mapping[str, NDArray[np.float32]]
    features: NDArray[np.float32]


class Judge:
    """A referee and its names.

    Args:
        folder: What `kinema pack` wrote of a run of the recipe ``referee``.
        trusted: Judge in every slot, whatever the referee is worth; for trying things out.

    Raises:
        WeightsError: There is no referee in it.
    """

    def __init__(self, folder: Path, *, trusted: bool = False) -> None:
        self._found: RefereeFolder = load_referee(folder)
        self.classes = self._found.classes
        self.weights = self._found.weights
        self.slots = {slot: self._worth(slot, trusted=trusted) for slot in self.classes}

    @property
    def config(self) -> RefereeConfig:
        """What clips must be like for it."""
        return self._found.network.config

    @torch.inference_mode()
    def read(self, clips: NDArray[np.uint8]) -> Readings:
        """Look at clips (N, T, side, side, 3).

        Cost:
            About 0.15 s a clip on one core at full size.
        """
        logits: dict[str, list[NDArray[np.float32]]] = {slot: [] for slot in self.classes}
        features: list[NDArray[np.float32]] = []
        for start in range(0, len(clips), _AT_ONCE):
            some = torch.from_numpy(clips[start : start + _AT_ONCE]).float() / 127.5 - 1.0
            found, seen = self._found.network(some)
            features.append(seen.numpy())
            for slot, values in zip(self.classes, found, strict=True):
                logits[slot].append(values.numpy())
        joined = {slot: np.concatenate(parts) for slot, parts in logits.items()}
        return Readings(joined, np.concatenate(features))

    def says(self, readings: Readings, slot: str) -> list[str]:
        """The name that it gives each clip in a slot."""
        names = self.classes[slot]
        return [names[number] for number in readings.logits[slot].argmax(1)]

    def prefers(self, readings: Readings, clip: int, slot: str, this: str, that: str) -> bool:
        """Whether a clip looks more like one label than like another."""
        names, values = self.classes[slot], readings.logits[slot][clip]
        return bool(values[names.index(this)] > values[names.index(that)])

    def _worth(self, slot: str, *, trusted: bool) -> Slot:
        rows = self._found.reading.get(slot, {})
        tried = {name: row for name, row in rows.items() if row[1] >= LEAST}
        clips = sum(count for _, count in tried.values())
        # Each class counts alike, or always saying the commonest would pass.
        shares = [right / count for right, count in tried.values()]
        share = sum(shares) / len(shares) if shares else 0.0
        if trusted:
            return Slot(share, clips, frozenset(self.classes[slot]), readable=True)
        enough = len(tried) >= max(2.0, ENOUGH * len(rows))
        readable = enough and share >= GATES.get(slot, GATE)
        return Slot(share, clips, frozenset(tried), readable=readable)
