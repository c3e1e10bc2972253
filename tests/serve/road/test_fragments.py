"""Fragments can be played as they come, from any key picture on."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from kinema.serve.road.fragments import Fragments
from kinema.types import Size
from tests.serve.road.watching import boxes, decoded, is_even

SIZE = Size(width=96, height=64)
FPS = Fraction(12)


def picture(brightness: int) -> np.ndarray:
    return np.full((SIZE.height, SIZE.width, 3), brightness, np.uint8)


def film(count: int, *, every: int) -> tuple[bytes, list[bytes]]:
    """The init segment, and what came with each picture."""
    with Fragments(SIZE, FPS) as out:
        pieces: list[bytes] = []
        for number in range(count):
            out.put(picture(10 * number), key=number % every == 0)
            pieces.append(out.take())
        pieces.append(out.finish())
        return out.init, pieces


def test_the_first_bytes_tell_a_player_what_comes():
    with Fragments(SIZE, FPS) as out:
        assert boxes(out.init) == ["ftyp", "moov"]
        assert out.mime.startswith('video/mp4; codecs="avc1.64')


def test_each_picture_is_a_fragment_of_its_own_and_leaves_with_the_next():
    _, pieces = film(6, every=3)
    assert pieces[0] == b""
    assert [boxes(piece) for piece in pieces[1:]] == [["moof", "mdat"]] * 6


def test_every_picture_comes_at_its_time():
    init, pieces = film(10, every=5)
    times, pictures = decoded(init + b"".join(pieces))
    assert len(pictures) == 10
    assert is_even(times)
    assert [round(float(one.mean()) / 10) for one in pictures] == list(range(10))


def test_who_comes_late_begins_at_a_key_picture():
    init, pieces = film(10, every=5)
    whole, _ = decoded(init + b"".join(pieces))
    times, pictures = decoded(init + b"".join(pieces[6:]))
    assert times == whole[5:]
    assert round(float(pictures[0].mean())) in range(48, 53)
