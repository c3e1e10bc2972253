"""Samples that several test modules look at, drawn once."""

from __future__ import annotations

from functools import cache

from kinema.storybook.sampler import Sample, sample


@cache
def _one(seed: int) -> Sample:
    return sample(seed)


@cache
def drawn(count: int = 700) -> tuple[Sample, ...]:
    """The first samples of the training stream."""
    return tuple(_one(seed) for seed in range(count))
