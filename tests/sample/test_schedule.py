from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.sample.schedule import (
    Schedule,
    Table,
    check_sigmas,
    declared,
    schedule,
    shift_for,
    shifted,
)

tables = st.sampled_from(Table)
steps = st.integers(1, 120)
shifts = st.floats(0.3, 20.0)
strengths = st.floats(0.0, 1.0)


@given(tables, steps, shifts)
def test_every_table_falls_from_at_most_one_to_zero(table, count, shift):
    made = schedule(table, count, shift)
    assert len(made.sigmas) == count + 1
    assert all(high > low for high, low in pairwise(made.sigmas))
    assert (made.sigmas[0] <= 1.0, made.sigmas[-1]) == (True, 0.0)
    assert all(0 <= time <= 1000 for time in made.timesteps)


@given(st.floats(1.01, 20.0), st.floats(0.01, 0.99))
def test_a_shift_keeps_both_ends_and_lifts_what_lies_between(shift, sigma):
    assert (shifted(0.0, shift), shifted(1.0, shift)) == (0.0, 1.0)
    assert shifted(sigma, 1 / shift) < sigma < shifted(sigma, shift)


@given(steps, shifts)
def test_a_shift_is_undone_by_its_inverse(count, shift):
    sigma = 1 / (count + 1)
    assert shifted(shifted(sigma, shift), 1 / shift) == pytest.approx(sigma)


def test_the_two_unipc_tables_differ_where_their_libraries_do():
    ours, theirs = (schedule(table, 50, 5.0) for table in (Table.DIFFUSERS, Table.ORIGINAL))
    gaps = [abs(a - b) for a, b in zip(ours.sigmas, theirs.sigmas, strict=True)]
    assert 1e-4 < max(gaps) < 9e-3
    assert ours.timesteps != theirs.timesteps
    assert schedule(Table.DIFFUSERS, 4).sigmas[0] == pytest.approx(1 - 1e-6, abs=1e-7)
    assert schedule(Table.ORIGINAL, 4).sigmas[0] == pytest.approx(0.999)
    assert schedule(Table.LINEAR, 4).sigmas[0] == 1.0


def test_a_timestep_is_truncated_before_the_level_is_rounded():
    short = 0
    for count in range(1, 101):
        made = schedule(Table.LINEAR, count)
        assert tuple(made.timestep(sigma) for sigma in made.sigmas[:-1]) == made.timesteps
        short += made.timesteps != tuple(int(1000 * sigma) for sigma in made.sigmas[:-1])
    assert short > 0


def test_a_level_beside_the_table_is_truncated_to_a_timestep():
    assert schedule(Table.LINEAR, 4).timestep(0.4567) == 456


@pytest.mark.parametrize(
    "times", [(1000, 757, 522), (1000, 750, 500, 250), tuple(range(1000, 0, -1))]
)
def test_distilled_weights_get_the_timesteps_they_declare(times):
    assert declared(times).timesteps == times
    assert declared(times).sigmas == pytest.approx([t / 1000 for t in times] + [0.0])


def test_declared_timesteps_can_be_shifted():
    assert declared((1000, 750, 500, 250), 5.0).sigmas == pytest.approx(
        (1.0, 0.9375, 5 / 6, 0.625, 0.0)
    )


def test_the_shift_grows_with_the_root_of_the_tokens():
    assert shift_for(4000, known_tokens=1000, known_shift=3.0) == pytest.approx(6.0)


@given(tables, steps, shifts)
def test_no_strength_takes_no_step_and_full_strength_takes_all(table, count, shift):
    made = schedule(table, count, shift)
    assert made.below(0.0).sigmas == (0.0,)
    assert made.below(1.0) == made


@given(tables, steps, shifts, strengths, strengths)
def test_more_strength_starts_higher_and_takes_no_fewer_steps(table, count, shift, a, b):
    less, more = (schedule(table, count, shift).below(s) for s in sorted((a, b)))
    assert less.sigmas[0] <= more.sigmas[0]
    assert len(less.sigmas) <= len(more.sigmas) or b == 1.0 or a == 1.0


@given(tables, steps, shifts, st.floats(0.001, 0.999))
def test_a_run_starts_at_exactly_its_strength_and_goes_on_in_the_table(
    table, count, shift, strength
):
    made = schedule(table, count, shift)
    rest = made.below(strength)
    lower = tuple(sigma for sigma in made.sigmas if sigma < strength)
    assert rest.sigmas[0] == strength
    assert rest.sigmas[1:] in (lower, lower[1:])
    first_gap = strength - rest.sigmas[1]
    assert len(lower) == 1 or first_gap >= 0.5 * (lower[0] - lower[1])


@given(tables, steps, shifts, strengths)
def test_distilled_weights_only_start_at_levels_of_their_table(table, count, shift, strength):
    made = schedule(table, count, shift)
    rest = made.below(strength, snap=True)
    assert set(rest.sigmas) <= set(made.sigmas)
    if 0.0 < strength < 1.0:
        assert abs(rest.sigmas[0] - strength) == min(abs(s - strength) for s in made.sigmas)


def test_the_last_steps_of_a_schedule_are_its_end():
    made = schedule(Table.LINEAR, 4)
    assert made.last(2).sigmas == (0.5, 0.25, 0.0)
    assert made.last(2).timesteps == (500, 250)
    for count in (-1, 5):
        with pytest.raises(ValueError, match="0 to 4"):
            made.last(count)


@pytest.mark.parametrize(
    "bad", [[], [1.0], [1.0, 0.5], [0.5, 0.5, 0.0], [1.5, 0.0], [0.2, 0.7, 0.0], [math.nan, 0.0]]
)
def test_bad_sigmas_are_named(bad):
    with pytest.raises(ValueError, match="fall from at most 1"):
        check_sigmas(bad)


def test_what_no_schedule_can_be_is_refused():
    with pytest.raises(ValueError, match="steps must be 1 to 1000, got 0"):
        schedule(Table.LINEAR, 0)
    with pytest.raises(ValueError, match="shift must be above 0"):
        schedule(Table.LINEAR, 4, 0.0)
    with pytest.raises(ValueError, match="2 steps, but 1 timesteps"):
        Schedule((1.0, 0.5, 0.0), (999,))
    with pytest.raises(ValueError, match="strength must be 0 to 1"):
        schedule(Table.LINEAR, 4).below(1.1)
    with pytest.raises(ValueError, match="fall from at most 1"):
        declared((500, 750))
