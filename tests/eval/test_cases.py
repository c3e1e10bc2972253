"""Prompts and what their clips must show."""

from __future__ import annotations

from fractions import Fraction

import pytest

from kinema.eval.cases import PAIRED, SPLITS, cases
from kinema.storybook.labels import NONE, SLOTS, classes, numbers
from kinema.storybook.splits import split_of

CLIP = Fraction(17, 12)


def test_only_what_a_prompt_tells_is_wanted():
    found = cases("A", 30, CLIP)
    assert len({one.prompt for one in found}) == 30
    for one in found:
        assert set(one.wanted) <= set(one.truth)
        assert set(one.wanted) <= one.sample.caption.told
    assert any(set(one.wanted) < set(one.truth) for one in found)


@pytest.mark.parametrize("split", SPLITS)
def test_every_split_has_cases(split: str):
    found = cases(split, 2, CLIP)
    assert len(found) == 2
    assert all(one.prompt and one.sample.split == split for one in found)


def test_prompts_of_a_split_of_scenes_belong_to_it():
    assert all(split_of(one.sample.scene) == {"B1"} for one in cases("B1", 4, CLIP))


def test_subjects_that_the_world_does_not_have_are_not_wanted():
    assert all("subject" not in one.wanted for one in cases("H", 4, CLIP))


def test_the_two_of_a_minimal_pair_are_rivals_in_their_slot():
    found = cases("E", 10, CLIP)
    for one, other in zip(found[::2], found[1::2], strict=True):
        assert one.rival is not None
        assert other.rival is not None
        slot = one.rival[0]
        assert slot in PAIRED.values()
        assert one.rival == (slot, other.truth[slot])
        assert other.rival == (slot, one.truth[slot])
        assert one.truth[slot] != other.truth[slot]


def test_labels_are_numbers_of_their_classes():
    for one in cases("A", 10, CLIP):
        found = numbers(one.truth)
        for number, slot in zip(found.tolist(), SLOTS, strict=True):
            expected = one.truth.get(slot)
            assert (classes()[slot][number] if number != NONE else None) == expected
