"""Anchors: exact sums, rings told with their path, lengths that follow the words."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from small_films import SCREENPLAY, project

from kinema.errors import RequestError
from kinema.studio.anchors import Placed, solve, spoken_seconds
from kinema.studio.compile import MAIN
from kinema.studio.document import Project, TrackKind
from kinema.studio.edits import Operation, edit, set_to

SPEECH = f"sequences/{MAIN}/tracks/speech/items"
PICTURE = f"sequences/{MAIN}/tracks/picture/items"
WHO = "at.who-are-you"
SNOW = "at.snow-fell"


def changed(*operations: Operation) -> Project:
    return edit(project(), operations)[0]


def placed(now: Project, item: str) -> Placed:
    cut = solve(now, MAIN, "en")
    return next(p for _, items in cut.tracks for p in items if p.item.id == item)


@pytest.mark.parametrize(
    ("anchor", "frame"),
    [
        ("12f", 12),
        ("2.5s", 60),
        ("1/48s", 0),
        ("1/47s", 1),
        ("sequence.start + 1s", 24),
        ("shot.meadow-noon.mia-meets-otto.start", 46),
        ("shot.meadow-noon.mia-meets-otto.start+6f", 52),
        ("item.cut.forest-dawn.mia-walks-slowly.end-0.5s+1f", 35),
        ("line.snow-fell.end", 36),
        ('word("fell", line.snow-fell).start', 22),
        ("sequence.end-24f", 92),
    ],
)
def test_an_anchor_is_a_frame(anchor: str, frame: int):
    assert placed(changed(set_to(f"{SPEECH}/{WHO}/start", anchor)), WHO).start == frame


@pytest.mark.parametrize(
    ("anchor", "problem"),
    [
        ("soon", "cannot read"),
        ("", "cannot read"),
        ("12f 3f", "cannot read"),
        ("1s-2s", "before the film"),
        ("shot.nobody.start", "no shot 'nobody'"),
        ('word("hail", line.snow-fell).start', "does not say 'hail'"),
        (f"item.{WHO}.start", f"item.{WHO}.start -> item.{WHO}.start"),
    ],
)
def test_an_anchor_that_leads_nowhere_is_refused(anchor: str, problem: str):
    with pytest.raises(RequestError) as caught:
        solve(changed(set_to(f"{SPEECH}/{WHO}/start", anchor)), MAIN, "en")
    assert problem in str(caught.value)
    assert caught.value.field == f"sequences/{MAIN}/items/{WHO}/start"


def test_a_ring_is_told_with_its_path():
    now = changed(
        set_to(f"{SPEECH}/{SNOW}/start", "line.who-are-you.end"),
        set_to(f"{SPEECH}/{WHO}/start", "line.snow-fell.start+1s"),
    )
    with pytest.raises(RequestError, match="asks for itself") as caught:
        solve(now, MAIN, "en")
    assert f"item.{SNOW}.start -> item.{WHO}.end -> item.{WHO}.start" in str(caught.value)


def test_shots_do_not_overlap_and_a_gap_is_kept():
    second = f"{PICTURE}/cut.meadow-noon.mia-meets-otto/start"
    with pytest.raises(RequestError, match="before the end of the shot before it"):
        solve(changed(set_to(second, "1s")), MAIN, "en")
    cut = solve(changed(set_to(second, "3s")), MAIN, "en")
    assert [each.start for each in cut.picture][:2] == [0, 72]


@given(st.lists(st.text("abc def", min_size=1, max_size=90), min_size=1, max_size=4))
def test_a_shot_lasts_until_its_lines_are_spoken(texts: list[str]):
    said = "\n\n".join(f"MIA\nx{text}" for text in texts)
    now = project(SCREENPLAY.replace("MIA\n(shyly)\nWho are you?", said))
    cut = solve(now, MAIN, "en")
    shot = next(each for each in cut.picture if each.item.ref == "meadow-noon.mia-meets-otto")
    for line in cut.on(TrackKind.SPEECH):
        if line.item.start and not line.item.start.startswith("shot.forest"):
            assert line.start >= shot.start
            assert line.end <= shot.end
    assert sum(each.frames for each in cut.picture) == cut.frames


def test_words_take_longer_in_a_longer_translation():
    now = project(SCREENPLAY.replace("Seed: 3", "Languages: en, de\nSeed: 3"))
    words = {"value": "Es war im Winter, in dem der Schnee nicht enden wollte."}
    now, _ = edit(now, [set_to("lines/snow-fell/text/de", words)])
    english, german = (solve(now, MAIN, language) for language in ("en", "de"))
    seconds = spoken_seconds(words["value"]) + Fraction(7, 10)
    assert german.picture[0].frames == -(-seconds * 24 // 1)
    assert german.picture[1].frames == english.picture[1].frames
    assert replace(german.picture[1].item) == english.picture[1].item
