from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kinema.engine.adapters import Picture
from kinema.engine.latent.rough import Rough


def _encoder(seed: int, channels: int, cell: int):
    """Mean colours of cells, mixed into channels, with channels beside them that mean nothing."""
    random = np.random.default_rng(seed)
    mixing = np.linalg.qr(random.standard_normal((channels, 3)))[0].T

    def encode(pictures: Sequence[Picture]) -> np.ndarray:
        clip = np.stack(list(pictures)) / 255.0
        frames, rows, columns, _ = clip.shape
        cells = clip.reshape(frames, rows // cell, cell, columns // cell, cell, 3).mean((2, 4))
        latent = np.moveaxis(cells @ mixing, -1, 0)
        noise = 0.05 * random.standard_normal((4, *latent.shape[1:]))
        return np.concatenate([latent, noise])[None].astype(np.float32)

    return encode


@given(seed=st.integers(0, 999), channels=st.integers(4, 16), cell=st.sampled_from([4, 8]))
def test_flat_colours_come_out_as_they_went_in(seed: int, channels: int, cell: int):
    encode = _encoder(seed, channels, cell)
    rough = Rough.fitted(encode, cell)
    stripes = np.zeros((4 * cell, 6 * cell, 3), np.uint8)
    stripes[:, : 2 * cell] = 220, 60, 40
    stripes[:, 2 * cell : 4 * cell] = 40, 180, 90
    stripes[:, 4 * cell :] = 50, 80, 200
    (picture,) = rough.pictures(encode([stripes]))
    assert picture.shape == (4, 6, 3)
    correlation = np.corrcoef(picture.ravel(), stripes[::cell, ::cell].ravel())[0, 1]
    assert correlation > 0.9


def test_a_still_clip_is_encoded_where_the_first_frame_is_like_the_others():
    counts: list[int] = []
    encode = _encoder(0, 4, 4)

    def counted(pictures: Sequence[Picture]) -> np.ndarray:
        counts.append(len(pictures))
        return encode(pictures)

    Rough.fitted(counted, 4, frames=4)
    assert counts == [4]


@given(seed=st.integers(0, 999), channels=st.integers(1, 8))
def test_false_colours_show_shapes_at_any_scale(seed: int, channels: int):
    random = np.random.default_rng(seed)
    latent = 0.05 * random.standard_normal((1, channels, 2, 8, 8))
    latent[:, :, :, 2:6, 2:6] += 10.0 ** random.integers(0, 4)
    pictures = Rough.false_colours(latent).pictures(latent)
    assert len(pictures) == 2
    inside, outside = pictures[0][3:5, 3:5].astype(float), pictures[0][:2].astype(float)
    assert np.abs(inside.mean((0, 1)) - outside.mean((0, 1))).max() > 20


def test_a_broken_latent_gives_a_picture_all_the_same():
    latent = np.full((1, 4, 1, 4, 4), np.nan, np.float32)
    rough = Rough(np.ones((4, 3)), np.zeros(3))
    assert rough.pictures(latent)[0].shape == (4, 4, 3)
