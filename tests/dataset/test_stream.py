"""The stream of clips: the same from any position, and nothing twice."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from kinema.data.stream import Bucket, StreamConfig, stream

CONFIG = StreamConfig((Bucket(32, 32, 5, 2), Bucket(48, 32, 1, 3)), seed=7)


def test_a_stream_goes_on_from_a_position_with_the_same_bits():
    whole = list(islice(stream(CONFIG), 4))
    rest = list(islice(stream(CONFIG, whole[1].position), 2))
    for first, second in zip(whole[2:], rest, strict=True):
        assert np.array_equal(first.pixels_BTHWC, second.pixels_BTHWC)
        assert np.array_equal(first.camera_BTK, second.camera_BTK)
        assert (first.captions, first.position) == (second.captions, second.position)


def test_processes_draw_the_same_clips():
    alone = next(stream(CONFIG, 3))
    helped = stream(replace(CONFIG, processes=1, ahead=1), 3)
    found = next(helped)
    helped.close()  # pyright: ignore[reportAttributeAccessIssue]
    assert np.array_equal(alone.pixels_BTHWC, found.pixels_BTHWC)


def test_buckets_all_come_and_clips_come_once():
    batches = list(islice(stream(CONFIG), 8))
    assert {batch.pixels_BTHWC.shape[1:4] for batch in batches} == {(5, 32, 32), (1, 32, 48)}
    firsts = [clip[0].tobytes() for batch in batches for clip in batch.pixels_BTHWC]
    assert len(set(firsts)) == len(firsts)


def test_buckets_that_no_latent_has_are_refused():
    with pytest.raises(ValueError, match="1 \\+ 4 k"):
        StreamConfig((Bucket(32, 32, 4, 2),))
