"""Captions go out and come back the same, within the limits that make them readable."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_films import SCREENPLAY, project

from kinema.errors import MediaError, RequestError
from kinema.studio import captions
from kinema.studio.anchors import solve
from kinema.studio.captions import Cue
from kinema.studio.compile import MAIN
from kinema.studio.document import TextState
from kinema.studio.edits import edit
from kinema.types import Size

WIDE, UPRIGHT = Size(width=640, height=360), Size(width=360, height=640)


@pytest.mark.parametrize("ending", captions.FORMATS)
def test_captions_come_back_as_they_went(tmp_path: Path, ending: str):
    shown = [
        Cue(Fraction(0), Fraction(3, 2), "Hello, <world> & {all}!", "hello"),
        Cue(
            Fraction(2),
            Fraction(7, 3),
            "Two\nrows, \u00fcber \u96ea \u0645\u0631\u062d\u0628\u0627",
            "two",
        ),
        Cue(Fraction(3), Fraction(4), "back\\slash", "back"),
        Cue(Fraction(3601), Fraction(3602), "A title", "title", is_title=True),
    ]
    path = tmp_path / f"film{ending}"
    captions.write(path, shown, WIDE)
    found = captions.read(path)
    assert [cue.text for cue in found] == [cue.text for cue in shown]
    clock = Fraction(1, 100) if ending == ".ass" else Fraction(1, 1000)
    for was, now in zip(shown, found, strict=True):
        assert abs(was.start - now.start) <= clock / 2
        assert abs(was.end - now.end) <= clock / 2
        if ending == ".ass":
            assert (now.line, now.is_title) == (was.line, was.is_title)


def test_nothing_that_a_person_writes_is_a_command(tmp_path: Path):
    path = tmp_path / "film.ass"
    captions.write(path, [Cue(Fraction(0), Fraction(1), "{\\fs90}big\\Nrow", "x")], WIDE)
    (row,) = [row for row in path.read_text("utf-8").splitlines() if row.startswith("Dialogue")]
    assert "{" not in row
    assert "\\" not in row


@given(
    st.lists(st.text("abcdefg hij", min_size=1, max_size=300), min_size=1, max_size=4),
    st.booleans(),
)
def test_captions_keep_their_limits(said: list[str], upright: bool):
    script = SCREENPLAY.replace(
        "MIA\n(shyly)\nWho are you?", "\n\n".join(f"MIA\nx{text}" for text in said)
    )
    film = project(script)
    size, width = (UPRIGHT, 32) if upright else (WIDE, 42)
    cut = solve(film, MAIN, "en")
    shown = captions.cues(film, cut, "en", size)
    spoken = [cue for cue in shown if not cue.is_title]
    for cue in shown:
        rows = cue.text.split("\n")
        assert len(rows) <= 2
        assert max(map(len, rows)) <= width
        assert 0 <= cue.start < cue.end
    for cue, behind in pairwise(spoken):
        assert cue.end <= behind.start - Fraction(83, 1000)
    words = "".join(cue.text for cue in spoken if cue.line in film.lines)
    expected = "".join(
        line.text["en"].value for line in film.lines.values() if line.kind != "title"
    )
    assert "".join(words.split()) == "".join(expected.split())
    for first in (each.start / cut.fps for each in cut.picture[1:]):
        for cue in spoken:
            assert not first - Fraction(1, 2) < cue.start < first < cue.end
            assert not cue.start < first < cue.end < first + Fraction(1, 2)


@pytest.mark.parametrize("ending", captions.FORMATS)
def test_a_translated_file_becomes_edits_of_the_lines(tmp_path: Path, ending: str):
    film = project(SCREENPLAY.replace("Seed: 3", "Languages: en, de\nSeed: 3"))
    cut = solve(film, MAIN, "en")
    path = tmp_path / f"film.de{ending}"
    captions.write(path, captions.cues(film, cut, "en", WIDE), WIDE)
    assert captions.translation(film, cut, "en", captions.read(path)) == []
    path.write_text(path.read_text("utf-8").replace("Snow fell.", "Schnee kam."), encoding="utf-8")
    edits = captions.translation(film, cut, "de", captions.read(path))
    after, _ = edit(film, edits)
    assert after.lines["snow-fell"].text["de"].value == "Schnee kam."
    assert after.lines["snow-fell"].text["de"].state is TextState.DRAFT
    assert after.lines["snow-fell"].text["en"] == film.lines["snow-fell"].text["en"]
    assert len(edits) == 1


def test_files_that_are_no_captions_are_refused(tmp_path: Path):
    broken = tmp_path / "broken.srt"
    broken.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(MediaError):
        captions.read(broken)
    with pytest.raises(MediaError):
        captions.read(tmp_path / "none.vtt")
    with pytest.raises(RequestError, match=r"\.vtt, \.srt, \.ass"):
        captions.read(tmp_path / "film.doc")
    film = project()
    late = Cue(Fraction(900), Fraction(901), "late")
    with pytest.raises(RequestError, match="belong to no line"):
        captions.translation(film, solve(film, MAIN, "en"), "en", [late])
