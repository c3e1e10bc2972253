"""What a running job says of the time that is left."""

from __future__ import annotations

import pytest

from kinema.serve.jobs.progress import Outlook
from kinema.types import Progress


def at(stage: str, done: int, total: int) -> Progress:
    return Progress(stage=stage, done=done, total=total)


@pytest.mark.parametrize("promised", [6.0, 10.0, 14.0])
def test_at_half_time_the_end_is_known_whatever_was_promised(promised: float) -> None:
    outlook = Outlook(promised, stepped=False)
    first, frame, tail, total = 1.0, 0.1, 0.7, 96
    end = first + frame * (total - 1) + tail
    said: list[tuple[float, float]] = []
    outlook.hear(at("decode", 0, total), 0.0)
    for done in range(1, total + 1):
        now = first + frame * (done - 1)
        outlook.hear(at("decode", done, total), now)
        said.append((now, outlook.left(at("decode", done, total), now) or 0.0))
    passed, left = min(said, key=lambda one: abs(one[0] - end / 2))
    assert passed + left == pytest.approx(end, rel=0.1)


def test_the_promise_is_what_is_left_before_anything_is_done() -> None:
    outlook = Outlook(10.0, stepped=True)
    event = at("sample", 0, 20)
    outlook.hear(event, 5.0)
    assert outlook.left(event, 5.0) == pytest.approx(9.7)
    assert outlook.percent(event) == 3


def test_steps_done_by_another_run_say_nothing_about_the_pace() -> None:
    outlook = Outlook(None, stepped=True)
    for done, now in ((10, 0.0), (11, 2.0), (12, 4.0)):
        outlook.hear(at("sample", done, 20), now)
    assert outlook.left(at("sample", 12, 20), 4.0) == pytest.approx(16.0)


def test_nobody_can_tell_without_a_promise_and_a_measure() -> None:
    outlook = Outlook(None, stepped=False)
    event = at("decode", 0, 10)
    outlook.hear(event, 1.0)
    assert outlook.left(event, 2.0) is None


def test_a_slow_machine_is_slow_in_what_comes_later_too() -> None:
    outlook = Outlook(10.0, stepped=True)
    outlook.hear(at("sample", 1, 50), 0.0)
    end = at("sample", 50, 50)
    left = outlook.left(end, 10.0 * 0.77 * 3)
    assert left is not None
    assert 2.0 * 3 * 0.8 < left <= 2.0 * 3.2


def test_progress_never_says_that_all_is_done() -> None:
    outlook = Outlook(1.0, stepped=False)
    done = [outlook.percent(at("decode", k, 10)) for k in range(11)]
    assert done == sorted(done)
    assert done[-1] < 100
