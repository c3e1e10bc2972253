"""What a model is asked for: held-out prompts, and what a clip of each must show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from kinema.errors import RequestError
from kinema.storybook.labels import labels
from kinema.storybook.pairs import KINDS, minimal_pair
from kinema.storybook.sampler import SAMPLED, Sample, sample

SPLITS: Final = tuple(sorted((*(name for name in SAMPLED if name != "train"), "E")))
"""What can be judged; E are minimal pairs, where chance is one half."""
PAIRED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sides": "relation",
        "roles": "subject",
        "colours": "colour",
        "pan": "camera",
        "count": "count",
    }
)
"""The slot in which the two of a minimal pair differ."""


@dataclass(frozen=True, slots=True)
class Case:
    """One prompt. ``wanted`` holds the label of every slot that the prompt tells.

    ``truth`` holds the labels of the real clip, told or not. Of a minimal pair ``rival`` is the
    slot in question and its label in the other clip.
    """

    sample: Sample
    prompt: str
    truth: Mapping[str, str]
    wanted: Mapping[str, str]
    rival: tuple[str, str] | None = None


def cases(split: str, count: int, seconds: Fraction, *, first: int = 0) -> tuple[Case, ...]:
    """The prompts of ``count`` seeds of a split.

    Args:
        split: One of `SPLITS`.
        count: How many; of E they come in pairs, the kinds in turn.
        seconds: Length of the clips, in which what the prompt tells must happen.
        first: The first seed.

    Raises:
        RequestError: There is no such split.

    Cost:
        About 10 ms each; nothing is drawn.
    """
    if split not in SPLITS:
        raise RequestError("split", f"there is no split {split!r}", ", ".join(SPLITS))
    if split == "E":
        return _pairs(count, seconds, first)
    return tuple(_case(sample(first + n, split=split, seconds=seconds)) for n in range(count))


def _case(drawn: Sample, rival: tuple[str, str] | None = None) -> Case:
    truth, told = labels(drawn), drawn.caption.told
    wanted = {slot: name for slot, name in truth.items() if slot in told}
    if "unseen" in told or "kind" in told:
        wanted.pop("subject", None)  # the prompt names something else, or no subject at all
    return Case(drawn, drawn.caption.text, truth, wanted, rival)


def _pairs(count: int, seconds: Fraction, first: int) -> tuple[Case, ...]:
    found: list[Case] = []
    kinds = tuple(KINDS)
    for number in range((count + 1) // 2):
        kind = kinds[number % len(kinds)]
        one, other = minimal_pair(kind, first + number // len(kinds), seconds=seconds)
        slot = PAIRED[kind]
        a, b = labels(one).get(slot), labels(other).get(slot)
        found.append(_case(one, None if b is None else (slot, b)))
        found.append(_case(other, None if a is None else (slot, a)))
    return tuple(found[:count])
