"""Sizes and lengths that a model cannot give, and the nearest that it can."""

from __future__ import annotations

import re
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.engine.cards import card
from kinema.engine.shape import check_frames, check_size, nearest_rings
from kinema.errors import RequestError
from kinema.types import FrameRule, Size

DRAWS, SAMPLES = card("animatic"), card("wan2.2-ti2v-5b")


@given(st.sampled_from([DRAWS, SAMPLES]), st.integers(1, 9000), st.integers(1, 9000))
def test_every_size_that_a_refusal_names_is_allowed(model, width: int, height: int):
    try:
        check_size(Size(width=width, height=height), model)
    except RequestError as error:
        named = re.findall(r"\d+x\d+", error.allowed)
        assert 1 <= len(named) <= 2
        for text in named:
            size = Size.parse(text)
            even = Size(width=size.width - size.width % 2, height=size.height - size.height % 2)
            check_size(even, model)


def test_a_model_that_crops_takes_sides_that_it_does_not_make():
    odd = Size(width=500, height=338)
    check_size(odd, SAMPLES)
    exact = msgspec.structs.replace(SAMPLES.sizes, crops=False)
    with pytest.raises(RequestError, match="multiples of 32, such as 480x320 or 512x352"):
        check_size(odd, msgspec.structs.replace(SAMPLES, sizes=exact))


@given(st.integers(1, 60_000), st.integers(1, 9), st.integers(0, 8))
def test_both_lengths_that_a_refusal_names_are_allowed(frames: int, stride: int, offset: int):
    rule = FrameRule(minimum=9, maximum=30_000, stride=stride, offset=min(offset, stride - 1))
    model = msgspec.structs.replace(SAMPLES, frames=rule)
    try:
        check_frames(frames, model)
    except RequestError as error:
        for count in map(int, error.allowed.split(" or ")):
            check_frames(count, model)
            assert count < frames
        with pytest.raises(RequestError):
            check_frames(int(error.allowed.split(" or ")[1]) + 1, model)


@given(st.integers(1, 500), st.integers(1, 12))
def test_the_nearest_loops_stand_on_both_sides(frames: int, stride: int):
    rule = FrameRule(minimum=1, maximum=900, stride=stride, offset=1 % stride)
    shorter, longer = nearest_rings(frames, rule)
    assert shorter <= frames <= longer and longer - shorter in (0, stride)
    model = msgspec.structs.replace(SAMPLES, frames=rule)
    for count in {shorter, longer} - {0}:
        check_frames(count, model, ring=True)
    with suppress(RequestError):
        check_frames(frames, model, ring=True)
        assert frames == shorter == longer
