"""What jobs took corrects what is promised of those that come."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from kinema.engine.cards import card
from kinema.serve.store.cards import published
from kinema.serve.store.database import Database
from kinema.serve.store.paces import KEPT, Past, factor, learn, said, traits
from kinema.serve.store.tables import cards
from kinema.types import Request, Size, to_builtins

ANIMATIC = card("animatic")
FOX = Request(prompt="a red fox runs through snow", size=Size(width=512, height=288), frames=48)
KNIGHT = Request(prompt="a knight walks at night in the rain", size=FOX.size, frames=48)


def past(like: tuple[str, ...], times: float, weight: float = 1.0) -> Past:
    return Past(traits=like, ratio=math.log(times), weight=weight)


def test_a_card_is_believed_where_nothing_was_made() -> None:
    assert factor((), traits(FOX, ANIMATIC)) == 1.0


def test_a_machine_that_is_slower_is_found_out_after_some_jobs() -> None:
    like = traits(FOX, ANIMATIC)
    factors = [factor([past(like, 3.0)] * count, like) for count in (1, 3, 10)]
    assert factors == sorted(factors)
    assert 1.5 < factors[0] < 3.0
    assert factors[-1] == pytest.approx(3.0, rel=0.05)


def test_jobs_that_are_alike_count_most() -> None:
    fox, knight = traits(FOX, ANIMATIC), traits(KNIGHT, ANIMATIC)
    jobs = [past(fox, 1.0), past(knight, 2.0)] * 6
    assert factor(jobs, fox) < 1.2
    assert factor(jobs, knight) > 1.7


def test_what_was_over_at_once_says_little() -> None:
    like = traits(FOX, ANIMATIC)
    assert factor([past(like, 0.2, weight=0.1)], like) > 0.5


def test_the_newest_jobs_count_most() -> None:
    like = traits(FOX, ANIMATIC)
    slower = [past(like, 1.0)] * 60 + [past(like, 2.0)] * 60
    assert factor(slower, like) > factor(slower[::-1], like)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(-9.0, 9.0), st.floats(0.0, 1.0)), max_size=30))
def test_a_factor_stays_between_what_was_seen_and_one(seen: list[tuple[float, float]]) -> None:
    jobs = [Past(traits=("a",), ratio=ratio, weight=weight) for ratio, weight in seen]
    low, high = min((0.0, *(r for r, _ in seen))), max((0.0, *(r for r, _ in seen)))
    found = math.log(factor(jobs, ("a",)))
    assert max(low, -math.log(50)) - 1e-6 <= found <= min(high, math.log(50)) + 1e-6


def test_a_prompt_that_nobody_can_read_has_traits_too() -> None:
    assert traits(replace_prompt("xyzzy"), ANIMATIC) == traits(replace_prompt(""), ANIMATIC)


def test_what_a_prompt_shows_is_said_beforehand() -> None:
    fox = said(FOX, traits(FOX, ANIMATIC))
    plain = replace_prompt("a red fox runs")
    bare = said(plain, traits(plain, ANIMATIC))
    assert fox is not None
    assert bare is not None
    assert fox == pytest.approx(1.25 * bare)


def test_jobs_are_remembered_up_to_a_number(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    database.migrate()
    with database.write() as connection:
        row = {"name": "animatic", "card": to_builtins(ANIMATIC), "at": 0.0}
        connection.execute(insert(cards), row)
        for seconds in range(1, KEPT + 6):
            learn(connection, FOX, ANIMATIC, float(seconds))
    with database.read() as connection:
        known, jobs = published(connection)["animatic"]
    database.close()
    assert known == ANIMATIC
    assert len(jobs) == KEPT
    card_says = said(FOX, traits(FOX, ANIMATIC))
    assert card_says is not None
    assert jobs[-1].ratio == pytest.approx(math.log((KEPT + 5) / card_says))


def replace_prompt(prompt: str) -> Request:
    return Request(prompt=prompt, size=FOX.size, frames=FOX.frames, fps=Fraction(24))
