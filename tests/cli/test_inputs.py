"""What people type, read exactly or refused by name."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.cli import inputs
from kinema.errors import RequestError
from kinema.types import ImageRole


@given(st.text(max_size=80))
def test_a_file_name_out_of_any_prompt_is_safe(prompt: str):
    name = inputs.slug(prompt)
    assert 0 < len(name) <= 60
    assert Path(name).name == name
    assert not name.startswith((".", "-"))
    assert name == name.strip()


def test_a_name_that_is_taken_is_counted_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for expected in ("fox.mp4", "fox-2.mp4", "fox-3.mp4"):
        assert str(inputs.free_name("fox")) == expected
        Path(expected).touch()


def test_times_and_rates_are_exact():
    assert inputs.fps("23.976") == Fraction(2997, 125)
    assert inputs.fps("30000/1001") == Fraction(30000, 1001)
    span = inputs.span("0.1-2.5", "keep")
    assert (span.start, span.end) == (Fraction(1, 10), Fraction(5, 2))
    assert inputs.span("0-1/3", "keep").end == Fraction(1, 3)


@pytest.mark.parametrize(("text", "value"), [("subtle", 0.25), ("mild", 0.5), ("0", 0.0), ("1", 1)])
def test_a_strength_is_a_word_or_a_number(text: str, value: float):
    assert inputs.strength(text) == value


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused_by_field(text: str):
    readers = {
        "strength": inputs.strength,
        "seed": inputs.seed,
        "fps": inputs.fps,
        "keep": lambda value: inputs.span(value, "keep"),
        "at": lambda value: inputs.moment(value, "at"),
    }
    for field, reader in readers.items():
        try:
            reader(text)
        except RequestError as error:
            assert error.field == field and error.allowed


def test_seeds_that_nobody_chose_are_drawn_and_short():
    drawn = {inputs.seed(None) for _ in range(20)}
    assert len(drawn) > 15
    assert all(0 <= seed < 2**31 for seed in drawn)


def test_a_file_may_have_an_at_in_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KINEMA_HOME", str(tmp_path / "home"))
    for name in ("a@2", "b.png"):
        (tmp_path / name).write_bytes(name.encode())
    given_files = inputs.Inputs()
    plain = given_files.image(str(tmp_path / "a@2"), 0, ImageRole.FIRST)
    timed = given_files.image(f"{tmp_path / 'b.png'}@1.5", 1, ImageRole.KEY)
    assert (plain.at, timed.at) == (0, Fraction(3, 2))
    assert given_files.paths[timed.file] == tmp_path / "b.png"
