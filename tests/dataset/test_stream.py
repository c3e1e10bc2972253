"""The stream of clips: the same from any position, and nothing twice."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import islice

import numpy as np
import pytest

from kinema.data.stream import Bucket, StreamConfig, Visit, stream, visited
from kinema.models.captions import MiniLm, filled
from kinema.storybook.labels import SLOTS, labels, numbers
from kinema.storybook.sampler import sample
from kinema.storybook.splits import held_out

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


def test_labels_are_those_of_the_samples_and_no_sample_is_held_out():
    config = StreamConfig((Bucket(16, 16, 5, 6),), seed=4)
    batch = next(stream(config, 2))
    assert batch.labels_BS is not None
    assert batch.labels_BS.shape == (6, len(SLOTS))
    for number, row in enumerate(batch.labels_BS):
        drawn = sample(4 * 10**10 + 2 * 6 + number, seconds=Fraction(5, 12))
        assert np.array_equal(row, numbers(labels(drawn)))
        assert not held_out(drawn.scene)


def test_finer_clips_are_the_same_clips_drawn_larger():
    config = StreamConfig((Bucket(32, 32, 1, 4),), seed=4)
    plain, finer = (next(stream(replace(config, finer=share))) for share in (0.0, 1.0))
    assert plain.captions == finer.captions
    off = np.abs(plain.pixels_BTHWC.astype(int) - finer.pixels_BTHWC).mean()
    assert 0.1 < off < 25


def test_splits_and_seeds_share_no_clips():
    found = [
        next(stream(replace(CONFIG, buckets=CONFIG.buckets[:1], split=split, seed=seed)))
        for split, seed in (("train", 1), ("train", 2), ("A", 1), ("B1", 1))
    ]
    clips = [clip.tobytes() for batch in found for clip in batch.pixels_BTHWC]
    assert len(set(clips)) == len(clips)


def test_a_batch_that_is_said_anew_has_other_words_and_no_clips():
    visits = (Visit(1), Visit(1, passed=1, drawn=False), Visit(1, passed=2, drawn=False))
    said = [batch for _, batch in visited(CONFIG, visits)]
    assert [len(batch.pixels_BTHWC) > 0 for batch in said] == [True, False, False]
    assert len({tuple(batch.captions) for batch in said}) == 3
    assert said[1].labels_BS is None


def test_processes_read_captions_as_the_trainer_would():
    batch = next(stream(replace(CONFIG, tokens=12)))
    assert batch.words is not None
    ours, theirs = filled(batch.words), MiniLm(12)(batch.captions)
    assert (ours.ids_BM == theirs.ids_BM).all()
    assert ours.frozen_BMZ is not None
    assert theirs.frozen_BMZ is not None
    # They travel in 16 bits.
    assert (ours.frozen_BMZ - theirs.frozen_BMZ).abs().max() < 2e-3
