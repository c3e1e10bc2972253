"""The pace of a stream, on a clock that the test sets."""

from __future__ import annotations

import pytest

from kinema.serve.road import pace
from kinema.serve.road.pace import LEAD, Pace
from kinema.types import Size


class Clock:
    """A clock that stands until it is moved."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(pace, "time", clock)
    return clock


def drawn(found: Pace, clock: Clock, seconds: float) -> None:
    clock.now += max(0.0, found.wait())
    found.begin()
    clock.now += seconds
    found.end()


def test_the_next_chunk_is_begun_a_little_before_the_last_is_played(clock: Clock):
    found = Pace(1.0)
    assert found.wait() <= 0
    drawn(found, clock, 0.25)
    assert found.wait() == pytest.approx(1.0 - LEAD - 0.25)
    assert found.late == 0


def test_a_chunk_that_takes_too_long_is_late_and_the_clock_goes_on_from_there(clock: Clock):
    found = Pace(1.0)
    drawn(found, clock, 1.5)
    assert found.late == pytest.approx(0.5)
    assert found.wait() <= 0
    drawn(found, clock, 0.5)
    assert found.late == 0


def test_a_stream_that_stood_is_not_late(clock: Clock):
    found = Pace(1.0)
    drawn(found, clock, 0.1)
    found.stand()
    clock.now += 50
    drawn(found, clock, 0.1)
    assert found.late == 0


def test_pictures_get_smaller_where_it_is_late_and_large_again_where_it_is_easy(clock: Clock):
    found, whole = Pace(1.0), Size(width=642, height=362)
    assert found.size(whole) == whole
    for quality in ("3/4", "1/2", "1/2"):
        drawn(found, clock, 1.2)
        drawn(found, clock, 1.2)
        assert found.quality == quality
    small = found.size(whole)
    assert (small.width % 2, small.height % 2) == (0, 0)
    assert small.width <= 321
    for _ in range(20):
        drawn(found, clock, 0.1)
    assert found.quality == "full"
