"""Dice: draws by name, each fixed by the seed and its own name, none disturbed by the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kinema.storybook.chance import chance

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Dice:
    """Draws that depend on ``seed``, ``names`` and their own name alone, on every machine.

    A draw that is added, or left out, changes no other; that is what keeps a sample the same while
    the world around it grows.

    Example:
        >>> Dice(7).pick("colour", ("red", "blue")) == Dice(7).pick("colour", ("red", "blue"))
        True
    """

    seed: int
    names: tuple[str, ...] = ()

    def within(self, *names: str) -> Dice:
        """Dice whose draws have nothing to do with these."""
        return Dice(self.seed, (*self.names, *names))

    def roll(self, name: str) -> float:
        """A number in [0, 1)."""
        return chance(self.seed, *self.names, name)

    def happens(self, name: str, share: float) -> bool:
        """True in that share of seeds."""
        return self.roll(name) < share

    def pick(self, name: str, options: Sequence[_T]) -> _T:
        """One of the options, all equally likely; there must be one."""
        return options[int(self.roll(name) * len(options))]

    def weigh(self, name: str, weights: Mapping[_T, float]) -> _T:
        """One of the keys, as likely as its weight says; there must be a weight above 0."""
        left = self.roll(name) * sum(weights.values())
        chosen = None
        for key, weight in weights.items():
            if weight <= 0.0:
                continue
            chosen = key
            left -= weight
            if left < 0.0:
                break
        if chosen is None:
            raise ValueError(f"nothing to choose for {name!r}")
        return chosen

    def shuffle(self, name: str, items: Sequence[_T]) -> list[_T]:
        """The items in an order drawn by chance."""
        rolls = [self.roll(f"{name} {index}") for index in range(len(items))]
        return [items[index] for index in sorted(range(len(items)), key=rolls.__getitem__)]
